#!/usr/bin/env bash
# Breaks the sources of a folder, one small change at a time, and lists the changes that its tests do
# not notice. By hand, not part of tests/run.sh: some seconds a change. Exits 1 below 90 % noticed.
#
#   tests/mutants.sh server/admission            every change of a folder
#   tests/mutants.sh --again core/catalog        only what lived the last time, after tests were added
#   tests/mutants.sh --sample 80 core/rerank     80 changes by chance, always the same ones
#   tests/mutants.sh --only codel.h server/admission
#   tests/mutants.sh --list core/catalog         what would be changed
#
# tests/mutants/README.md says how to read the answer.
set -euo pipefail
exec python3 "$(dirname "$0")/mutants/mutants.py" "$@"
