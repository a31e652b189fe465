# For scripts that run something long: source it.

# logged LOG COMMAND…
# Runs the command with all that it says in LOG, and says how far it is every twenty seconds: the last
# line of LOG. Ends as the command does.
logged() {
  local log=$1 begun=$SECONDS status=0
  shift
  : > "$log"
  while sleep 20 > /dev/null 2>&1 && kill -0 $$ 2> /dev/null; do
    printf '   %d s: %s\n' $((SECONDS - begun)) "$(tail -n 1 "$log" | cut -c 1-110)"
  done &
  local teller=$!
  "$@" > "$log" 2>&1 || status=$?
  kill $teller 2> /dev/null
  wait $teller 2> /dev/null || true
  return $status
}

# build_logged PRESET TARGET…
# Configures and builds with a compiler on each core; what it says is in build/PRESET/build.log, errors
# are printed.
build_logged() {
  local preset=$1 log=build/$1/build.log
  shift
  mkdir -p "build/$preset"
  if ! logged "$log" cmake --preset "$preset" ||
    ! logged "$log" cmake --build --preset "$preset" --target "$@" -- -j "$(nproc)"; then
    grep -E -A 12 'error:|FAILED:|undefined reference|CMake Error' "$log" > "$log.errors" || tail -n 80 "$log" > "$log.errors"
    head -n 80 "$log.errors" >&2
    return 1
  fi
  tail -n 1 "$log"
}
