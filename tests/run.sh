#!/usr/bin/env bash
# Every test of the workspace. Needs a Rust toolchain; installs a missing linker with Debian's package manager.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v cc >/dev/null; then
    as_root=$([ "$(id -u)" = 0 ] || echo sudo)
    $as_root apt-get update -qq
    $as_root apt-get install -y -qq gcc libc6-dev
fi

# The report's page is tested in a browser. Without one, and without the right to install it, those tests are skipped.
if ! command -v chromium >/dev/null && command -v apt-get >/dev/null; then
    as_root=$([ "$(id -u)" = 0 ] || echo "sudo --non-interactive")
    { $as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends chromium; } ||
        echo "no browser: the tests of the report's page will be skipped"
fi

# Prometheus' own tool checks the metrics. It is extracted from Debian's package, which would start a server if installed.
promtool=$PWD/target/promtool
if ! command -v promtool >/dev/null && ! [ -x "$promtool/usr/bin/promtool" ] && command -v apt-get >/dev/null; then
    as_root=$([ "$(id -u)" = 0 ] || echo "sudo --non-interactive")
    mkdir -p "$promtool"
    (
        cd "$promtool"
        apt-get download -qq prometheus || { $as_root apt-get update -qq && apt-get download -qq prometheus; }
        dpkg-deb --extract prometheus_*.deb .
        rm prometheus_*.deb
    ) || echo "no promtool: the metrics will not be checked by it"
fi
PATH=$PATH:$promtool/usr/bin
# Shared caches are tested with a server. Debian's `redis-tools` contains the program, and unlike `redis-server` starts
# nothing. Without it, and without the right to install it, those tests are skipped.
redis=$PWD/target/redis
if ! command -v redis-server >/dev/null && ! [ -x "$redis/redis-server" ] && command -v apt-get >/dev/null; then
    as_root=$([ "$(id -u)" = 0 ] || echo "sudo --non-interactive")
    mkdir -p "$redis"
    { $as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends redis-tools &&
        ln -sf "$(command -v redis-check-rdb)" "$redis/redis-server"; } ||
        echo "no redis-server: the tests of \`store = redis\` will be skipped"
fi
PATH=$PATH:$redis

echo "== tests, with all features"
cargo test --workspace --all-features
echo "== transactions of a real database"
cargo test --quiet --manifest-path tests/databases/Cargo.toml --target-dir "${CARGO_TARGET_DIR:-target}/databases"
echo "== spans in OpenTelemetry"
cargo test --quiet --manifest-path tests/opentelemetry/Cargo.toml --target-dir "${CARGO_TARGET_DIR:-target}/opentelemetry"
# Counted, so that a pipe that closes early does not end the program.
spans=$(cargo run --quiet --manifest-path examples/opentelemetry/Cargo.toml \
    --target-dir "${CARGO_TARGET_DIR:-target}/opentelemetry" -- --once | grep -c 'Name         : \(price\|printed\|checkout\)$')
[ "$spans" = 5 ] || { echo "the example exported $spans spans instead of 5"; exit 1; }
echo "== registries in WebAssembly"
tests/wasm/run.sh
echo "== without timing"
cargo test --quiet -p festoon-macros --features timed-off --lib
cargo test --quiet -p festoon-tests --features festoon/timed-off --test timed_off
echo "== each part by itself"
tests/features.sh
