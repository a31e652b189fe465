#!/bin/sh
# What several sources are worth where a catalogue moves: a shop's orders of one
# year, divided by time.
#
#   tests/integration/online_retail.sh CSV TEST_FROM [WORK]
#
# CSV is one year of Online Retail II (.csv, or .csv.zst). The test begins at
# TEST_FROM, such as 2010-10-01; the ranker learns from $MOMENTS moments of 30
# days before it, five when not set. $POLICY is another policy file. Everything
# is written to WORK (a temporary directory that is removed when there is none).
# $MARQUEE is the tool; the release build, else the dev build, when not set.
set -eu

if [ $# -lt 2 ]; then
  sed -n '2,12p' "$0" >&2
  exit 2
fi
csv=$1
from=$2
work=${3:-}
input=$csv
. "$(dirname "$0")/real_data.sh"

case $csv in
*.zst)
  if ! command -v zstd >/dev/null; then
    echo "online_retail.sh: $csv: needs zstd (Debian: apt-get install zstd), or the .csv itself" >&2
    exit 1
  fi
  zstd -dqfc "$csv" >"$work/year.csv" && csv=$work/year.csv
  ;;
esac
python3 "$root/tests/integration/online_retail.py" "$csv" "$work/all"
run evaluate split --interactions "$work/all/interactions.csv" --by time \
  --test-from "$from" --out "$work/split"
mkdir -p "$work/data"
cp "$work/all/items.jsonl" "$work/all/users.jsonl" "$work/data/"
cp "$work/split/train.csv" "$work/data/interactions.csv"

# A shop's customers buy what is bought now.
if [ -n "${POLICY:-}" ]; then cp "$POLICY" "$work/policy.textproto"; else
  cat >"$work/policy.textproto" <<'POLICY'
sources { name: "near" source: "personal" weight: 1 }
sources { name: "bought now" source: "trending" weight: 4 }
sources { name: "bought together" source: "because" weight: 2 }
POLICY
fi

before=$(date -u -d "$from - 30 days" +%Y-%m-%d)
als="--alpha 40 --regularization 10"
run train als --interactions "$work/data/interactions.csv" --out "$work/before" \
  --until "$before" $als
run train ranker --data "$work/data" --embeddings "$work/before" \
  --moments "${MOMENTS:-5}" --every 30d --policy "$work/policy.textproto" --out "$work/ranker.json"
run train als --interactions "$work/data/interactions.csv" --out "$work/als" $als
run build --data "$work/data" --embeddings "$work/als" --ranker "$work/ranker.json" \
  --policy "$work/policy.textproto" --out "$work/snapshots" --no-graph
run evaluate funnel --snapshot "$work/snapshots" --test "$work/split/test.csv"
