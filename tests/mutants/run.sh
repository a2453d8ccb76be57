#!/usr/bin/env bash
# Breaks one law at a time in a copy of the last commit, and shows that the test named for it notices. Usage: tests/mutants/run.sh [name of a patch]...
# Each takes minutes: this is no part of CI.
set -euo pipefail
cd "$(dirname "$0")/../.."
export MSBUILDDISABLENODEREUSE=1

rings() {
    dotnet test tests/Ipc.Transports.Rings.Tests -c Release --no-build --filter "$1"
}

chaos() {
    dotnet tests/Ipc.Chaos/bin/Release/net10.0/Ipc.Chaos.dll "$@"
}

# What has to fail, by the name of the patch.
project_of() {
    case $1 in
        started-taken-for-waiting) echo tests/Ipc.Chaos ;;
        *) echo tests/Ipc.Transports.Rings.Tests ;;
    esac
}

check() {
    case $1 in
        closed-ring-read-to-the-earlier-head) rings "FullyQualifiedName~WaitingTests" ;;
        done-before-the-ledger) rings "FullyQualifiedName~LedgerTests|FullyQualifiedName~CrashTests" ;;
        started-taken-for-waiting) chaos --seconds 20 --seed 7 --transport shm ;;
        *) echo "no test is named for $1" >&2; return 0 ;;
    esac
}

names=("$@")
if [ ${#names[@]} -eq 0 ]; then
    for patch in tests/mutants/*.patch; do
        names+=("$(basename "$patch" .patch)")
    done
fi

root=$PWD
copy=$(mktemp -d)
trap 'cd "$root" && git worktree remove --force "$copy"' EXIT
git worktree add --detach --force "$copy" HEAD >/dev/null
patches=$root/tests/mutants
survived=0
cd "$copy"
for name in "${names[@]}"; do
    git apply "$patches/$name.patch"
    dotnet build "$(project_of "$name")" -c Release >build.txt 2>&1 || { tail -20 build.txt; exit 2; }
    if check "$name" >result.txt 2>&1; then
        echo "SURVIVED $name"
        survived=1
    elif seen=$(grep -m1 -E 'VIOLATION|^ *Failed ' result.txt); then
        echo "caught   $name: $seen"
    else
        echo "FAILED   $name, and no test says why:"
        tail -20 result.txt
        survived=1
    fi
    git checkout --quiet src
done
exit "$survived"
