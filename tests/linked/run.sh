#!/usr/bin/env bash
# Builds programs whose types come from several crates, in the ways that the arguments name, and looks at what each finds.
# run.sh [dev] [release] [thin] [fat] [units] [bfd]; the environment gives CARGO_TARGET_DIR.
set -euo pipefail
cd "$(dirname "$0")"
target=${CARGO_TARGET_DIR:-target}

expected="decimal base 0.1.0
hex base::deeper 0.1.0
one one 0.1.0
two-1 two 1.0.0
two-2 two 2.0.0"

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

build() { # PROFILE PACKAGE [FEATURES]
    cargo build --quiet --profile "$1" -p "$2" --features "${3:-}" 2>&1
}

# A program that must not build, and what the linker has to say about it.
refused() { # PROFILE FEATURE TEXT
    if output=$(build "$1" host "$2"); then fail "$1: a host with \`$2\` builds"; fi
    grep -qF "$3" <<<"$output" || fail "$1: \`$2\` says: $output"
}

for way in "${@:-dev}"; do
    profile=$way directory=$way
    case $way in
        dev) directory=debug ;;
        bfd) profile=dev directory=debug && export RUSTFLAGS="-C link-arg=-fuse-ld=bfd" ;;
    esac
    build "$profile" host || fail "$way: the host"
    found=$("$target/$directory/host") || fail "$way: the host ends with $?"
    [ "$found" = "$expected" ] || fail "$way: found $found"
    if [ "$(uname -sm)" = "Linux x86_64" ]; then
        # lld and bfd have words of their own for the same.
        refused "$profile" twice "festoon: the name \`one\` in the registry"
        refused "$profile" missing "festoon: the name \`unnamed\` in the registry"
    fi

    build "$profile" plugins || fail "$way: the library"
    build "$profile" loaded || fail "$way: the program that loads it"
    found=$("$target/$directory/loaded" "$target/$directory/libplugins.so" | sort -u) || fail "$way: loading ends with $?"
    [ "$found" = "here: 2
inside: 3, one: true" ] || fail "$way: loaded $found"

    # The linker takes what is referred to: the registry's own crate is, and a plug-in that is required.
    for features in "" require; do
        build "$profile" plugins "$features" || fail "$way: the library"
        cc lib/main.c "$target/$directory/libplugins.a" -o "$target/$directory/c-host" -lpthread -ldl -lm -lgcc_s
        found=$("$target/$directory/c-host") || fail "$way: the C program ends with $?"
        echo "$way: a static library${features:+, with \`require!\`}: $found"
        [ -z "$features" ] || [[ $found == *" 1" ]] || fail "$way: the C program does not find what it requires: $found"
    done
    echo "$way: as expected"
done
