#!/usr/bin/env bash
# Decorates every function of published crates and runs their own tests: see README.md.
#   tests/corpus/run.sh                      all crates, all decorators (hours)
#   tests/corpus/run.sh semver timed retry   some of them
set -euo pipefail
cd "$(dirname "$0")"
CARGO_TARGET_DIR=../../target/corpus/tool cargo run --quiet --package festoon-corpus -- "$@"
