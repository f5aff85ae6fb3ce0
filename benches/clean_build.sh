#!/usr/bin/env bash
# The build time of festoon: a clean debug build of an empty program, compared with one that depends on `cached`. CPU
# seconds (user and system), which grow less than wall-clock time when other programs run; the median of ROUNDS.
set -euo pipefail
cd "$(dirname "$0")"
runtime=$(cd ../runtime && pwd)
rounds=${ROUNDS:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_INCREMENTAL=0

program() { # NAME DEPENDENCY
    mkdir -p "$work/$1/src"
    echo 'fn main() {}' >"$work/$1/src/main.rs"
    printf '[package]\nname = "program"\nversion = "0.1.0"\nedition = "2024"\n[dependencies]\n%s\n[workspace]\n' "$2" >"$work/$1/Cargo.toml"
    cargo fetch --quiet --manifest-path "$work/$1/Cargo.toml"
}

TIMEFORMAT='%U %S'
measure() { # NAME
    local round crates
    crates=$(cargo tree --manifest-path "$work/$1/Cargo.toml" -e normal,build --prefix none | sed 's/ (\*)$//' | sort -u | wc -l)
    for ((round = 0; round < rounds; round++)); do
        rm -rf "$work/target"
        { time cargo build --quiet --manifest-path "$work/$1/Cargo.toml" --target-dir "$work/target"; } 2>&1 | tail -1
    done | awk '{ print $1 + $2 }' | sort -n | awk -v name="$1" -v crates=$((crates - 1)) '
        { all[NR] = $1 } END { printf "| %s | %d | %.1f |\n", name, crates, all[int((NR + 1) / 2)] }'
}

program cached 'cached = "=4.1.0"'
program festoon "festoon = { path = \"$runtime\" }"
program retry_alone "festoon = { path = \"$runtime\", default-features = false, features = [\"retry\"] }"
program redis_and_tokio "festoon = { path = \"$runtime\", features = [\"redis\", \"tokio\"] }"

echo "| a clean debug build | crates | CPU s |"
echo "|---|---:|---:|"
for name in cached festoon retry_alone redis_and_tokio; do
    measure "$name"
done
