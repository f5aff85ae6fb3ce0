#!/usr/bin/env bash
# Registries in WebAssembly: built for two targets, and run by Node. Without a target's standard library, or without Node,
# says so.
set -euo pipefail
cd "$(dirname "$0")"
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/../../target/wasm}

for target in wasm32-wasip1 wasm32-unknown-unknown; do
    if ! [ -d "$(rustc --print sysroot)/lib/rustlib/$target/lib" ] && ! rustup target add "$target" 2>/dev/null; then
        echo "$target: skipped, its standard library is not installed"
        continue
    fi
    file=festoon-wasm.wasm what=()
    [ "$target" = wasm32-unknown-unknown ] && file=festoon_wasm.wasm what=(--lib)
    cargo build --quiet --target "$target" "${what[@]}"
    if ! command -v node >/dev/null; then
        echo "$target: built, and not run, since there is no Node"
        continue
    fi
    level=$(node --no-warnings run.mjs "$target" "$CARGO_TARGET_DIR/$target/debug/$file")
    [ "$level" = 42 ] || { echo "$target: the level is \`$level\`"; exit 1; }
    echo "$target: its types are registered"
done
