#!/usr/bin/env bash
# Every test of the workspace. Needs a Rust toolchain; a linker that is missing comes from Debian's package manager.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v cc >/dev/null; then
    as_root=$([ "$(id -u)" = 0 ] || echo sudo)
    $as_root apt-get update -qq
    $as_root apt-get install -y -qq gcc libc6-dev
fi

echo "== tests, with all features"
cargo test --workspace --all-features
echo "== without timing"
cargo test --quiet -p festoon-macros --features timed-off --lib
cargo test --quiet -p festoon-tests --features festoon/timed-off --test timed_off
echo "== the library without its default features"
cargo check --quiet -p festoon --no-default-features
