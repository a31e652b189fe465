#!/usr/bin/env bash
# Writes the Python stubs of the wire contract: generate-python.sh OUT
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: $0 OUT" >&2; exit 2; }
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$1"
protoc -I "$root/proto" --python_out="$1" --grpc_out="$1" \
  --plugin=protoc-gen-grpc="$(command -v grpc_python_plugin)" \
  "$root/proto/marquee/v1/recommendation_service.proto" \
  "$root/proto/marquee/v1/admin_service.proto"
touch "$1/marquee/__init__.py" "$1/marquee/v1/__init__.py"
