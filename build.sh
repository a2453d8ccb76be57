#!/usr/bin/env bash
# One entry for every step: ./build.sh [restore|build|test|pack|bench]...   (none: restore build test pack)
set -euo pipefail
cd "$(dirname "$0")"

configuration=${CONFIGURATION:-Release}
packages=artifacts/packages

usage() {
    cat <<'TEXT'
usage: ./build.sh [restore|build|test|pack|bench]...   (none: restore build test pack)
  restore  restores all projects of Ipc.sln
  build    builds Ipc.sln
  test     runs all tests
  pack     writes the packages, and the template package, to artifacts/packages
  bench    measures the product beside raw rings, pipes and sockets and writes benchmarks/RESULTS.md, in about ten minutes;
           BENCH_ARGS="compare --quick" takes less than one and writes nothing, BENCH_ARGS="compare --json" prints one object per row
CONFIGURATION (default Release) names the configuration.
TEXT
}

step() { printf '\n== %s\n' "$1"; }

do_restore() { step restore; dotnet restore Ipc.sln; }
do_build() { step build; dotnet build Ipc.sln -c "$configuration"; }
do_test() { step test; dotnet test Ipc.sln -c "$configuration"; }

do_pack() {
    step pack
    # Old files would be taken for new ones: all builds of a version carry the same number.
    rm -rf "$packages" artifacts/package-cache
    for project in src/*/*.csproj; do
        dotnet pack "$project" -c "$configuration" -o "$packages"
    done
    dotnet pack templates/Ipc.Templates.csproj -c "$configuration" -o "$packages"
    ls -l "$packages"
}

do_bench() {
    step bench
    # shellcheck disable=SC2086
    dotnet run -c Release --project benchmarks/Ipc.Benchmarks -- ${BENCH_ARGS:-compare}
}

if [ $# -eq 0 ]; then
    set -- restore build test pack
fi
for name in "$@"; do
    case $name in
        restore | build | test | pack | bench) ;;
        -h | --help | help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
done
for name in "$@"; do
    "do_$name"
done
