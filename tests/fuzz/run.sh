#!/usr/bin/env bash
# Fuzzes every importer with libFuzzer under ASan and UBSan, one after another.
#
#   tests/fuzz/run.sh [SECONDS [NAME…]]     600 seconds each; all programs
#
# What is found new is kept in build/fuzz/corpus/NAME; a finding ends the run, its input is left in
# build/fuzz/findings/NAME. Put it, made small, into tests/fuzz/corpus/NAME: the tests run it for ever.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-600}
shift || true
[[ "$seconds" =~ ^[0-9]+$ ]] || { echo "usage: $0 [SECONDS [NAME…]]" >&2; exit 2; }
[[ $# -gt 0 ]] || set -- lightgbm_text xgboost_json xgboost_ubjson

deploy/install-packages.sh fuzz
cmake --preset fuzz > /dev/null
cmake --build --preset fuzz --target $(printf '%s_fuzz ' "$@")
export UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1"
declare -A extensions=([lightgbm_text]=txt [xgboost_json]=json [xgboost_ubjson]=ubj)
for name in "$@"; do
  seeds=build/fuzz/seeds/$name
  mkdir -p "$seeds" "build/fuzz/corpus/$name" "build/fuzz/findings/$name" "tests/fuzz/corpus/$name"
  cp tests/models/*."${extensions[$name]}" "$seeds"
  echo "== $name: $seconds s"
  # An input of a few kilobytes that needs a second or 512 MB is a finding too.
  "build/fuzz/${name}_fuzz" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
    -malloc_limit_mb=512 -max_len=16384 -print_final_stats=1 -artifact_prefix="build/fuzz/findings/$name/" \
    -dict="tests/fuzz/$name.dict" "build/fuzz/corpus/$name" "$seeds" "tests/fuzz/corpus/$name" \
    > "build/fuzz/$name.log" 2>&1 || { tail -n 60 "build/fuzz/$name.log"; exit 1; }
  grep -E '^stat::(number_of_executed_units|peak_rss_mb)|DONE' "build/fuzz/$name.log"
done
