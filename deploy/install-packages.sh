#!/usr/bin/env bash
# Installs the Debian 12 packages that Marquee needs; the only list of them.
#
#   deploy/install-packages.sh server    to compile marquee-server alone (-D MARQUEE_OFFLINE=OFF -D MARQUEE_TESTS=OFF)
#   deploy/install-packages.sh build     the same and what marquee needs (-D MARQUEE_TESTS=OFF)
#   deploy/install-packages.sh demo      the same, to compile everything, and what the demo's client uses
#   deploy/install-packages.sh test      the same and what the tests use
#   deploy/install-packages.sh fuzz      the same as for the tests and what tests/fuzz/run.sh uses
#   deploy/install-packages.sh runtime   to run marquee-server and marquee
set -euo pipefail

server=(
  g++ cmake ninja-build ccache pkg-config ca-certificates
  libabsl-dev libprotobuf-dev protobuf-compiler
  libgrpc++-dev protobuf-compiler-grpc
  prometheus-cpp-dev libmicrohttpd-dev nlohmann-json3-dev libxxhash-dev
)
build=("${server[@]}" libhnswlib-dev libeigen3-dev libxgboost-dev libcli11-dev)
demo=("${build[@]}" libgtest-dev libgmock-dev python3 python3-grpcio python3-protobuf curl unzip)
test=("${demo[@]}" git prometheus)
fuzz=("${test[@]}" clang-14 libclang-rt-14-dev)
runtime=(
  libgrpc++1.51 libprotobuf32 libabsl20220623 libprometheus-cpp-core1.0 libmicrohttpd12
  libxxhash0 libgomp1 libxgboost0
)

case "${1:-}" in
  server) packages=("${server[@]}") ;;
  build) packages=("${build[@]}") ;;
  demo) packages=("${demo[@]}") ;;
  test) packages=("${test[@]}") ;;
  fuzz) packages=("${fuzz[@]}") ;;
  runtime) packages=("${runtime[@]}") ;;
  *) echo "usage: $0 server|build|demo|test|fuzz|runtime" >&2; exit 2 ;;
esac

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "$0: needs root or sudo to install: ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -q
"${as_root[@]}" apt-get install -y -q --no-install-recommends "${missing[@]}"
