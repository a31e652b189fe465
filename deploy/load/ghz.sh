#!/usr/bin/env bash
# Loads a running server with ghz and writes the report.
#
#   deploy/load/ghz.sh HOST:PORT USERS.jsonl OUT [RATE [SECONDS]]
#
# Open loop: a call is sent at its time whether or not earlier ones are back, so a stall of the server
# is in the figures. Users are drawn in the order of the file. OUT.json is ghz's report, OUT.txt its
# summary; exits 1 when any call failed.
set -euo pipefail
[ $# -ge 3 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
target=$1 users=$2 out=$3 rate=${4:-200} seconds=${5:-30}
root=$(cd "$(dirname "$0")/../.." && pwd)
ghz=${GHZ:-$(command -v ghz || true)}
[ -n "$ghz" ] || { echo "$0: needs ghz: go install github.com/bojand/ghz/cmd/ghz@latest" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
data=$work/requests.json
# ghz's own parser does not take `optional`; protoc does.
protoc -I "$root/proto" --include_imports --descriptor_set_out="$work/marquee.protoset" \
  marquee/v1/recommendation_service.proto
python3 - "$users" > "$data" <<'P'
import itertools, json, sys
with open(sys.argv[1]) as lines:
    requests = [{"context": {"user_id": json.loads(line)["user_id"], "device": "tv", "scene": "home"},
                 "limit": 20} for line in itertools.islice(lines, 10000)]
json.dump(requests, sys.stdout)
P
common=(--insecure --protoset "$work/marquee.protoset"
  --call marquee.v1.RecommendationService.Recommend --data-file "$data"
  --async --rps "$rate" -c 64 --connections 8 -n $((rate * seconds)) --timeout 1s)
"$ghz" "${common[@]}" -O json -o "$out.json" "$target"
python3 - "$out.json" <<'P' | tee "$out.txt"
import json, sys
report = json.load(open(sys.argv[1]))
ok = report["statusCodeDistribution"].get("OK", 0)
latencies = sorted(d["latency"] for d in report["details"] if d["status"] == "OK")
at = lambda q: latencies[min(len(latencies) - 1, int(q * len(latencies)))] / 1e6 if latencies else float("nan")
print(f"calls {report['count']}, ok {ok}, {report['rps']:.0f} calls/s")
print("latency at the client: " + ", ".join(f"p{q * 100:g} {at(q):.2f} ms" for q in (0.5, 0.9, 0.99, 0.999)))
for status, count in report["statusCodeDistribution"].items():
    if status != "OK":
        print(f"{status}: {count}")
sys.exit(0 if ok == report["count"] else 1)
P
