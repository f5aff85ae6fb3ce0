#!/usr/bin/env bash
# What a release changes for its users, according to cargo-semver-checks: compared with the newest release on crates.io,
# or with another commit, `tests/semver.sh --baseline-rev v0.1.0`.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo semver-checks --version >/dev/null 2>&1 || cargo install --locked cargo-semver-checks
cargo semver-checks check-release -p festoon --all-features "$@"
