#!/usr/bin/env bash
# One entry for every step: ./build.sh [restore|build|test|pack|bench]...   (none: restore build test pack), or ./build.sh chaos|fuzz [arguments]
set -euo pipefail
cd "$(dirname "$0")"

configuration=${CONFIGURATION:-Release}
packages=artifacts/packages

usage() {
    cat <<'TEXT'
usage: ./build.sh [restore|build|test|pack|bench]...   (none: restore build test pack)
       ./build.sh chaos [--minutes N | --seconds N] [--seed S] [--transport both|shm|pipe] [--round SECONDS] [--keep FOLDER] [--record FILE]
       ./build.sh fuzz [SEED [TIMES [SECONDS]]]
  restore  restores all projects of Ipc.sln
  build    builds Ipc.sln
  test     runs all tests
  pack     writes the packages, and the template package, to artifacts/packages
  bench    measures the product beside raw rings, pipes and sockets and writes benchmarks/RESULTS.md, in about ten minutes;
           BENCH_ARGS="compare --quick" takes less than one and writes nothing, BENCH_ARGS="compare --json" prints one object per row
  chaos    kills, stops and floods the workers of real clusters at random, lets one of them garble, and proves by a ledger that no law was broken; 1 minute unless told
  fuzz     feeds the parsers of what other processes write with bent and random bytes, TIMES (default 20) as many as the tests do, and prints which
           of their branches were taken; then each of them for SECONDS (default 10) with bytes that the branches guide; the seed is random unless told, and printed
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

do_chaos() {
    step chaos
    dotnet build tests/Ipc.Chaos -c "$configuration"
    dotnet "tests/Ipc.Chaos/bin/$configuration/net10.0/Ipc.Chaos.dll" "$@"
}

do_fuzz() {
    export IPC_FUZZ_SEED=${1:-$((RANDOM * 32768 + RANDOM))} IPC_FUZZ_TIMES=${2:-20}
    step "fuzz, seed $IPC_FUZZ_SEED, $IPC_FUZZ_TIMES times"
    rm -rf artifacts/fuzz
    dotnet test tests/Ipc.Fuzz.Tests -c "$configuration" --collect "XPlat Code Coverage" --settings tests/Ipc.Fuzz.Tests/coverage.runsettings \
        --results-directory artifacts/fuzz
    python3 tests/Ipc.Fuzz.Tests/coverage.py artifacts/fuzz/*/coverage.cobertura.xml
    dotnet run -c "$configuration" --project tests/Ipc.Fuzz -- "${3:-10}" "$IPC_FUZZ_SEED" artifacts/fuzz
}

if [ "${1:-}" = fuzz ]; then
    shift
    do_fuzz "$@"
    exit
fi
if [ "${1:-}" = chaos ]; then
    shift
    do_chaos "$@"
    exit
fi
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
