# Read by scripts that judge real data, with $work as their caller gave it. Sets
# $root and $marquee (the release build, else the dev build, when $MARQUEE is not
# set), makes $work (a temporary directory that is removed, when it is empty), and
# defines run.
root=$(cd "$(dirname "$0")/../.." && pwd)
marquee=${MARQUEE:-}
for build in release dev; do
  if [ -z "$marquee" ] && [ -x "$root/build/$build/marquee" ]; then
    marquee=$root/build/$build/marquee
  fi
done
if [ -z "$marquee" ]; then
  echo "$(basename "$0"): build first: cmake --preset release && cmake --build --preset release" >&2
  exit 1
fi
if [ -n "$work" ]; then
  mkdir -p "$work"
else
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi

# run ARGUMENTS: the tool, after the line that a reader could type.
run() {
  echo "\$ marquee $*" | sed "s#$work/##g${input:+; s#$input#INPUT#g}"
  "$marquee" "$@"
  echo
}
