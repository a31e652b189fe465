#!/bin/sh
# What the funnel is worth on real data: MovieLens, divided by time.
#
#   tests/integration/movielens.sh DIR [WORK]
#
# DIR has ratings.csv and movies.csv (the ml-latest format). Everything is
# written to WORK (a temporary directory that is removed when there is none).
# $MARQUEE is the tool; the release build, else the dev build, when not set.
# $ALS_FLAGS and $RANKER_FLAGS go to the trainers, for example "--seed 2".
#
# Of each user's likes and views, the last fifth is the test, and of the rest
# the last fifth teaches the ranker: its features come from embeddings that have
# not seen it. The embeddings that serve are then trained on all but the test.
set -eu

if [ $# -lt 1 ]; then
  sed -n '2,9p' "$0" >&2
  exit 2
fi
movielens=$1
work=${2:-}
input=$movielens
. "$(dirname "$0")/real_data.sh"

# data_of NAME CSV: the data set NAME with these interactions only.
data_of() {
  mkdir -p "$work/$1"
  cp "$work/all/items.jsonl" "$work/all/users.jsonl" "$work/$1/"
  cp "$2" "$work/$1/interactions.csv"
}

cat >"$work/policy.txt" <<'POLICY'
caps { name: "franchise" attribute: "franchise" max: 3 strict: true }
POLICY

run import movielens "$movielens" --out "$work/all" >/dev/null
run evaluate split --interactions "$work/all/interactions.csv" --by user \
  --holdout 0.2 --out "$work/split"
run evaluate split --interactions "$work/split/train.csv" --by user \
  --holdout 0.2 --out "$work/ranker_split"
data_of before "$work/ranker_split/train.csv"
data_of train "$work/split/train.csv"

run train als --interactions "$work/before/interactions.csv" \
  --out "$work/before_als" ${ALS_FLAGS:-}
run train ranker --data "$work/before" --embeddings "$work/before_als" \
  --labels "$work/ranker_split/test.csv" --out "$work/ranker.json" --threads 1 ${RANKER_FLAGS:-}
run train als --interactions "$work/train/interactions.csv" \
  --out "$work/train_als" ${ALS_FLAGS:-}
run build --data "$work/train" --embeddings "$work/train_als" \
  --ranker "$work/ranker.json" --policy "$work/policy.txt" \
  --out "$work/snapshots"
run evaluate funnel --snapshot "$work/snapshots" --test "$work/split/test.csv"
