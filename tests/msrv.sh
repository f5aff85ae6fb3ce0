#!/usr/bin/env bash
# Builds festoon and the examples with the oldest compiler that `rust-version` promises, which rustup installs if need be.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
cargo "+$version" --version >/dev/null 2>&1 || rustup toolchain install "$version" --profile minimal
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target}/msrv

# All features but those whose comment names a newer compiler, and `timed-off`, which removes what is to be built.
features=$(awk '
    /^\[/ { on = $0 == "[features]" }
    /^##? / { newer = newer || /Needs Rust/ }
    on && /^[a-z]/ { if (!newer && $1 != "timed-off") print $1; newer = 0 }' runtime/Cargo.toml | paste -sd,)
echo "Rust $version: $features"
cargo "+$version" check --quiet -p festoon --no-default-features --features "$features"
cargo "+$version" check --quiet -p festoon-examples --examples
echo "Rust $version builds festoon and its examples"
