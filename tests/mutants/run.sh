#!/usr/bin/env bash
# Breaks one law at a time in a copy of the last commit, and shows that the test named for it in mutants.txt notices. Usage: tests/mutants/run.sh [name of a patch]...
# Prints a table; when all were run it writes it to tests/mutants/RESULTS.md. The exit code is 1 when a mutant survives. This takes minutes and is no part of CI.
set -euo pipefail
cd "$(dirname "$0")/../.."
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 DOTNET_NOLOGO=1

root=$PWD
patches=$root/tests/mutants
commit=$(git rev-parse --short HEAD)
work=$(mktemp -d)
copy=$work/copy
table=$work/table
list=$work/list
trap 'cd "$root" && git worktree remove --force "$copy"; rm -rf "$work"' EXIT

grep -v '^#' "$patches/mutants.txt" >"$list"
names=("$@")
git worktree add --detach --force "$copy" HEAD >"$work/worktree" 2>&1
cd "$copy"
printf '| mutant | law | result | seconds | the test |\n|---|---|---|---|---|\n' | tee "$table"
survived=0
while read -r name law test <&3; do
    if [ ${#names[@]} -ne 0 ] && ! printf '%s\n' "${names[@]}" | grep -qx "$name"; then
        continue
    fi
    since=$SECONDS
    project=tests/${test%%.Tests.*}.Tests
    git apply "$patches/$name.patch"
    dotnet build "$project" >"$work/build" 2>&1 || { tail -20 "$work/build"; exit 2; }
    if dotnet test "$project" --no-build --filter "FullyQualifiedName=$test" >"$work/result" 2>&1; then
        result=SURVIVED survived=1
    elif grep -qE "^ *Failed $test" "$work/result"; then
        result=caught
    else
        # A test run that did not come to a verdict shows nothing.
        result="the test did not run" survived=1
        tail -20 "$work/result"
    fi
    printf '| %s | %s | %s | %s | `%s` |\n' "$name" "$law" "$result" "$((SECONDS - since))" "$test" | tee -a "$table"
    git checkout --quiet src
    pkill -9 -f "$copy/" || true # one mutant leaves its workers behind, which is what it is for
done 3<"$list"

if [ ${#names[@]} -eq 0 ]; then
    {
        printf '# Mutants\n\nWritten by `tests/mutants/run.sh`: each patch breaks one law, and the test named for it notices. Commit %s, %s.\n\n' "$commit" "$(date -u +%F)"
        cat "$table"
    } >"$patches/RESULTS.md"
fi
exit "$survived"
