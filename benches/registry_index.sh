#!/bin/bash
# A registry of 10,000 types, in ten crates: that each is found by its name and creates its own value, and how long the
# index takes to build, beside a foldhash map over inventory. Each build of an index is a process of its own.
#
# registry_index.sh; TYPES (of each crate, 1,000 without it) and ROUNDS (20) are environment variables.
set -euo pipefail
cd "$(dirname "$0")"
repository=$(cd .. && pwd)
types=${TYPES:-1000}
rounds=${ROUNDS:-20}
crates=(0 1 2 3 4 5 6 7 8 9)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$work/target} CARGO_INCREMENTAL=0
festoon="festoon = { path = \"$repository/runtime\", default-features = false, features = [\"registry\"] }"

package() { # NAME DEPENDENCIES
    mkdir -p "$work/$1/src"
    printf '[package]\nname = "%s"\nversion = "0.1.0"\nedition = "2024"\n[dependencies]\n%s\n%s\n' "$1" "$festoon" "$2" \
        >"$work/$1/Cargo.toml"
}

package base 'inventory = "=0.3.25"'
cat >"$work/base/src/lib.rs" <<'RUST'
#[festoon::registry]
pub trait Codec {
    fn id(&self) -> u64;
}

/// A hand-written entry.
pub struct Entry {
    pub name: &'static str,
    pub new: fn() -> Box<dyn Codec>,
}

inventory::collect!(Entry);
RUST

for crate in "${crates[@]}"; do
    package "types_$crate" 'base = { path = "../base" }
inventory = "=0.3.25"'
    for ((number = crate * types; number < (crate + 1) * types; number++)); do
        echo "#[derive(Default, festoon::Register)] #[register(dyn base::Codec, name = \"codec-$number\")] pub struct Codec$number;"
        echo "impl base::Codec for Codec$number { fn id(&self) -> u64 { $number } }"
        echo "inventory::submit! { base::Entry { name: \"codec-$number\", new: || Box::new(Codec$number) } }"
    done >"$work/types_$crate/src/lib.rs"
done

package index 'base = { path = "../base" }
inventory = "=0.3.25"
foldhash = "=0.2.0"
hashbrown = { version = "=0.17.1", default-features = false, features = ["inline-more"] }
'"$(printf 'types_%s = { path = "../types_%s" }\n' $(for it in "${crates[@]}"; do echo "$it $it"; done))"
cat >"$work/index/src/main.rs" <<'RUST'
use base::{Codec, Entry};
use std::time::Instant;

festoon::link!(types_0, types_1, types_2, types_3, types_4, types_5, types_6, types_7, types_8, types_9);

type Index = hashbrown::HashMap<&'static str, &'static Entry, foldhash::fast::RandomState>;

fn map() -> usize {
    inventory::iter::<Entry>.into_iter().map(|entry| (entry.name, entry)).collect::<Index>().len()
}

fn registry() -> usize {
    <dyn Codec>::registry().len()
}

fn each(count: usize) {
    let registry = <dyn Codec>::registry();
    registry.check(&[]).expect("a healthy registry");
    for number in 0..count {
        let codec = registry.create(&format!("codec-{number}"), ()).expect("it is registered");
        assert_eq!(codec.id(), number as u64);
        assert_eq!(registry.of(&*codec).map(festoon::Entry::name), Some(&*format!("codec-{number}")));
    }
    assert!(registry.names().is_sorted(), "the order is that of the names");
    assert!(registry.get(&format!("codec-{count}")).is_none());
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let count = arguments[2].parse().expect("how many there are");
    let build = match &*arguments[1] {
        "each" => return each(count),
        "map" => map,
        _ => registry,
    };
    let start = Instant::now();
    let len = build();
    let nanos = start.elapsed().as_nanos();
    assert_eq!(len, count);
    println!("{}", nanos / 1000);
}
RUST

cd "$work"
{
    printf '[workspace]\nresolver = "3"\nmembers = ["base", "index"'
    printf ', "types_%s"' "${crates[@]}"
    printf ']\n'
    # They consist of data and of constructors, which building the index does not call.
    printf '[profile.release.package.types_%s]\nopt-level = 0\n' "${crates[@]}"
} >Cargo.toml
cp "$repository/benches/Cargo.lock" .
cargo build --quiet --release --package index

count=$((types * ${#crates[@]}))
index=$CARGO_TARGET_DIR/release/index
"$index" each "$count"
echo "each of $count types is found, and creates its own value"
for ((round = 0; round < rounds; round++)); do
    for build in map registry; do
        "$index" "$build" "$count" >>"$build"
    done
done

echo "| the index of $count types, microseconds | median | min |"
echo "|---|---:|---:|"
for build in map registry; do
    sort -n "$build" | awk -v name="$build" '{ line[NR] = $1 } END { print "| " name " | " line[int((NR + 1) / 2)] " | " line[1] " |" }'
done
