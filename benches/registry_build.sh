#!/bin/bash
# What 1,000 registered types cost to build, beside 1,000 impls of typetag: crates that are rebuilt after a touch, with
# their dependencies already built. Debug (not incremental) and release; CPU seconds (user and system), which do not grow
# when other programs run: the least of three rounds, with the variants in turn. Bytes are those that the release library
# has more than the same types without any registry: everything that is loaded (`size`'s text: code, strings, unwind
# tables, and the data that is relocated), and only the code.
#
# registry_build.sh [VARIANT..]; TYPES and ROUNDS are environment variables.
set -euo pipefail
cd "$(dirname "$0")"
repository=$(cd .. && pwd)
types=${TYPES:-1000}
rounds=${ROUNDS:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$work/target} CARGO_INCREMENTAL=0

wanted=" $* "
variants=()

variant() { # NAME BASE FEATURES DERIVES TRAIT_ATTRIBUTE TYPE_ATTRIBUTE IMPL_ATTRIBUTE
    [[ $wanted == "  " || $wanted == *" $1 "* || $1 == bare* ]] || return 0
    variants+=("$1 $2")
    mkdir -p "$work/$1/src"
    cat >"$work/$1/Cargo.toml" <<TOML
[package]
name = "crate_$1"
version = "0.1.0"
edition = "2024"
[dependencies]
$3
TOML
    {
        echo "$5 pub trait Codec { fn id(&self) -> u64; }"
        for ((number = 0; number < types; number++)); do
            echo "$4"
            echo "${6//NAME/codec-$number}"
            echo "pub struct Codec$number { pub level: u32, pub title: String }"
            echo "${7//NAME/codec-$number}"
            echo "impl Codec for Codec$number { fn id(&self) -> u64 { u64::from(self.level) ^ $number } }"
        done
    } >"$work/$1/src/lib.rs"
}

serde='serde = { version = "1", features = ["derive"] }'
derives='#[derive(serde::Serialize, serde::Deserialize)]'
festoon="festoon = { path = \"$repository/runtime\", default-features = false, features = [\"registry\""

variant bare bare "" '#[derive(Default)]' '' '' ''
variant festoon bare "$festoon] }" '#[derive(Default, festoon::Register)]' '#[festoon::registry]' \
    '#[register(dyn Codec, name = "NAME")]' ''
variant bare_serde bare_serde "$serde" "$derives" '' '' ''
variant typetag bare_serde "$serde
typetag = \"=0.2.23\"" "$derives" '#[typetag::serde(tag = "type")]' '' '#[typetag::serde(name = "NAME")]'
variant festoon_serde bare_serde "$serde
$festoon, \"serde\"] }" "$derives" '#[festoon::registry(serde(tag = "type"))]' '' \
    '#[festoon::register(name = "NAME", no_new)]'

cd "$work"
{
    echo '[workspace]'
    echo 'resolver = "3"'
    printf 'members = ['
    printf '"%s", ' "${variants[@]%% *}"
    echo ']'
} >Cargo.toml
cp "$repository/benches/Cargo.lock" .

build() { # VARIANT [--release]
    cargo build --quiet --package "crate_$1" ${2:-} 2>"$work/errors" || { cat "$work/errors" >&2; exit 1; }
}

for variant in "${variants[@]}"; do
    build "${variant% *}"
    build "${variant% *}" --release
done

TIMEFORMAT='%U %S'
for ((round = 0; round < rounds; round++)); do
    for variant in "${variants[@]}"; do
        name=${variant% *}
        for profile in debug release; do
            touch "$name/src/lib.rs"
            flag=$([ $profile = release ] && echo --release || true)
            { time build "$name" $flag; } 2>&1 | awk '{ print $1 + $2 }' >>"$name.$profile"
        done
    done
done

least() { # FILE
    sort -n "$1" | head -n 1
}

bytes() { # VARIANT PATTERN: the sum of the sections that match
    size -A "$CARGO_TARGET_DIR/release/libcrate_$1.rlib" 2>/dev/null |
        awk -v pattern="$2" '$1 ~ pattern { sum += $2 } END { print sum + 0 }'
}

loaded='^\.(text|rodata|eh_frame|gcc_except_table|data|init_array)' code='^\.text'
echo "| $types types | debug CPU s | release CPU s | bytes each | code each |"
echo "|---|---:|---:|---:|---:|"
for variant in "${variants[@]}"; do
    read -r name base <<<"$variant"
    more=$((($(bytes "$name" "$loaded") - $(bytes "$base" "$loaded")) / types))
    more_code=$((($(bytes "$name" "$code") - $(bytes "$base" "$code")) / types))
    echo "| $name | $(least "$name.debug") | $(least "$name.release") | $more | $more_code |"
done
