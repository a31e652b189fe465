#!/usr/bin/env bash
# Every test, from a fresh machine: installs what is missing, builds, runs ctest.
#
#   tests/run.sh               dev: everything
#   tests/run.sh asan          with ASan and UBSan: everything
#   tests/run.sh tsan          with TSan: the core and the server, whole programs included
#   tests/run.sh o0            without optimisation: everything
#   tests/run.sh odr           builds the programs, linked as one: no name has two definitions
#   tests/run.sh dev asan tsan o0 odr
#                              one after another: before anything is called done
#
# Tests on real data look for it in $MARQUEE_DATA (default: ../shared/data beside the repository) and
# are skipped, with a line that says so, where it is absent.
set -euo pipefail
cd "$(dirname "$0")/.."
export MARQUEE_DATA="${MARQUEE_DATA:-$(cd .. && pwd)/shared/data}"
# Fails on the first finding; the libraries below us leak at exit by design.
export ASAN_OPTIONS="detect_leaks=0:abort_on_error=1"
export UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1"
# Orders of locks are not looked at: those of absl are unknown to it, those of hnswlib follow its levels.
export TSAN_OPTIONS="halt_on_error=1:detect_deadlocks=0:suppressions=$PWD/tests/tsan/suppressions.txt"

deploy/install-packages.sh test

source deploy/logged.sh

run() {  # preset, build target, further arguments of ctest
  local preset=$1 target=$2 log=build/$1/test.log
  shift 2
  echo "== $preset: build (build/$preset/build.log)"
  build_logged "$preset" "$target"
  echo "== $preset: test ($log)"
  if ! logged "$log" ctest --preset "$preset" -j "$(nproc)" --output-on-failure --no-tests=error "$@"; then
    grep -E -v '^ *[0-9]+/[0-9]+ Test .* Passed |^ +Start +[0-9]+: ' "$log" | tail -n 500
    return 1
  fi
  sed -n '/tests passed/,$p' "$log"
  # Why those did not run: the reasons, each once.
  grep -A 1 -h ': Skipped$' "build/$preset/Testing/Temporary/LastTest.log" | grep -E -v ': Skipped$|^--$' | sort | uniq -c || true
}

# What trains on real data for a minute would train for ten: it runs in dev alone.
trains='integration/MovieLens|EveryBlockOfThe(Readme|MlEngineer|Editor|BackendEngineer|Sre)'
[[ $# -gt 0 ]] || set -- dev
for preset in "$@"; do
  case "$preset" in
    dev) run dev all ;;
    asan) run asan all -E "$trains" ;;
    tsan) run tsan all -L 'core|server|integration' -E "$trains" ;;
    o0) run o0 all -LE bench -E "$trains" ;;
    odr) echo "== odr: build (build/odr/build.log)"; build_logged odr marquee marquee-server ;;
    *) echo "usage: $0 [dev|asan|tsan|o0|odr]…" >&2; exit 2 ;;
  esac
done
