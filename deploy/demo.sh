#!/usr/bin/env bash
# From a fresh Debian 12 machine to a running service: installs the packages, builds the release,
# makes a synthetic streaming service, learns from it, builds a snapshot, starts the server and asks it
# for one home screen.
#
#   deploy/demo.sh            runs it all and stops the server
#   deploy/demo.sh --keep     leaves the server running until Ctrl-C
#
# Everything it makes is below build/demo. On 2 quiet cores the compilation takes about six minutes the first
# time, all else a minute or two.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -eq 0 ] || [ "$*" = --keep ] || { echo "usage: $0 [--keep]" >&2; exit 2; }

say() { printf '\n== %s\n' "$*"; }

source deploy/logged.sh

say "packages"
deploy/install-packages.sh demo

say "build: many minutes the first time (build/release/build.log)"
build_logged release marquee marquee-server

bin=build/release
world=build/demo
today=$(date -u +%Y-%m-%d)
before=$(date -u -d '-30 days' +%Y-%m-%d)
rm -rf "$world"
mkdir -p "$world"

say "a synthetic service: 20,000 users, 2,000 items"
$bin/marquee synth --users 20000 --items 2000 --now "$today" --out $world/data

say "a ranker: learns from the last 30 days what the time before could not tell"
$bin/marquee train als --interactions $world/data/interactions.csv --until "$before" --out $world/before
$bin/marquee train ranker --data $world/data --embeddings $world/before --max-users 2000 --rounds 100 --learning-rate 0.1 \
  --out $world/ranker.json

say "embeddings of all days, and the snapshot"
$bin/marquee train als --interactions $world/data/interactions.csv --out $world/embeddings
$bin/marquee build --data $world/data --embeddings $world/embeddings --ranker $world/ranker.json \
  --policy deploy/demo-policy.textproto --out $world/snapshots
$bin/marquee verify $world/snapshots

say "the server"
cat > $world/server.textproto <<CONFIG
snapshots: "$world/snapshots"
listen: "127.0.0.1:0"
admin_listen: "127.0.0.1:0"
metrics_listen: "127.0.0.1:0"
drain_delay_ms: -1
reflection: true
CONFIG
$bin/marquee-server --config $world/server.textproto 2> $world/server.log &
server=$!
trap 'kill -TERM $server 2> /dev/null; wait $server 2> /dev/null || true' EXIT
for _ in $(seq 300); do
  grep -q 'snapshot published' $world/server.log && break
  kill -0 $server 2> /dev/null || { cat $world/server.log >&2; exit 1; }
  sleep 0.1
done
grep -q 'snapshot published' $world/server.log || { echo "$0: no snapshot was published in 30 s" >&2; cat $world/server.log >&2; exit 1; }
port() { grep -o "\"$1\":[0-9]*" $world/server.log | head -n 1 | cut -d: -f2; }
recommend=$(port recommend_port)
metrics=$(port metrics_port)
echo "recommendations on 127.0.0.1:$recommend, metrics on http://127.0.0.1:$metrics/metrics"

say "a home screen"
user=$(sed -n 's/.*"user_id": *"\([^"]*\)".*/\1/p;1q' $world/data/users.jsonl)
deploy/clients/generate-python.sh $world/stubs
PYTHONPATH=$world/stubs /usr/bin/python3 deploy/clients/home_screen.py --target "127.0.0.1:$recommend" \
  --user "$user" --titles --deadline-ms 2000

if [ "${1:-}" = --keep ]; then
  say "running until Ctrl-C; ask again with"
  echo "PYTHONPATH=$world/stubs /usr/bin/python3 deploy/clients/home_screen.py --target 127.0.0.1:$recommend --user $user"
  wait $server
else
  say "what next"
  cat << NEXT
keep it running:        $0 --keep
look into the snapshot: $bin/marquee recommend --snapshot $world/snapshots --user $user --explain
other rules:            edit deploy/demo-policy.textproto, then
                        $bin/marquee build --from $world/snapshots --policy deploy/demo-policy.textproto
your own data:          README.md, "With your own data"
every test:             tests/run.sh
NEXT
fi
