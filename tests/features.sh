#!/usr/bin/env bash
# Checks each part by itself, the pairs that share code, and the errors of disabled parts, which name the feature.
set -euo pipefail
cd "$(dirname "$0")/.."

parts=(timed cached retry resilience registry offload report)
pairs=(
    timed,cached timed,retry cached,retry cached,offload retry,offload timed,offload report,cached report,retry futures futures,tokio timed,tokio futures,report
    resilience,retry resilience,tokio tower reqwest sqlx tonic cached,tokio retry,tokio retry,futures-timer offload,rayon fan-out fan-out,tokio fan-out,rayon process process,retry process,tokio queue queue,process indicatif lock-file redirect tempfile cached,redis redis-tls cached,disk cached,registry registry,serde clap metrics serde timed-off timed,timed-off
)
export RUSTFLAGS="${RUSTFLAGS:-} -D warnings"
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target}/features

for features in "" "${parts[@]}" "${pairs[@]}"; do
    echo "features: ${features:-none}"
    cargo check --quiet -p festoon --no-default-features --features "$features"
done

# In the workspace, other crates would enable features: a crate outside of it.
crate=$CARGO_TARGET_DIR/off
mkdir -p "$crate/src"
cat >"$crate/Cargo.toml" <<TOML
[package]
name = "off"
version = "0.1.0"
edition = "2024"
[dependencies]
festoon = { path = "$PWD/runtime", default-features = false, features = ["retry"] }
[workspace]
TOML
cp Cargo.lock "$crate/Cargo.lock"
cat >"$crate/src/lib.rs" <<'RUST'
#[festoon::timed(warn_over = 5ms)]
#[festoon::retry]
pub fn price(sku: &str) -> Result<usize, String> {
    Ok(sku.len())
}

pub struct Shop;

#[festoon::cached(ttl = 5m)]
impl Shop {
    pub fn one(&self) -> u32 {
        1
    }

    pub fn two(&self) -> u32 {
        2
    }
}

#[festoon::registry]
pub trait Codec {}

#[derive(festoon::Register)]
#[register(dyn Codec)]
pub struct Gzip;

impl Codec for Gzip {}

#[festoon::offload]
pub fn work(n: u32) -> u32 {
    n
}

#[festoon::fallback(0)]
pub fn stock(sku: &str) -> Option<usize> {
    sku.find('-')
}

#[festoon::invalidates(price(sku))]
pub fn save(sku: &str) -> usize {
    sku.len()
}

#[festoon::interned]
pub fn label(sku: &str) -> Result<usize, usize> {
    Ok(sku.len())
}
RUST
errors=$(cargo check --quiet --manifest-path "$crate/Cargo.toml" 2>&1 || true)
expected='`#[timed]` needs the feature `timed`
`#[cached]` needs the feature `cached`
`#[registry]` needs the feature `registry`
`#[derive(Register)]` needs the feature `registry`
`#[offload]` needs the feature `offload`
`#[fallback]` needs the feature `resilience`
`#[interned]` needs the feature `cached`
`#[invalidates]` needs the feature `cached`'
found=$(grep -o '^error: `.*` needs the feature `[a-z]*`' <<<"$errors" | sed 's/^error: //' | sort)
if [ "$found" != "$(sort <<<"$expected")" ] || [ "$(grep -c '^error' <<<"$errors")" -gt 9 ] ||
    ! grep -qF 'write `festoon = { version = "0.1", default-features = false, features = ["timed", "retry"] }`' <<<"$errors"; then
    echo "$errors"
    exit 1
fi
echo "the errors of disabled parts say what to write in Cargo.toml"

# Without unwinding: it compiles, and all outcomes but a panic are what they are.
crate=$CARGO_TARGET_DIR/abort
mkdir -p "$crate/src"
cat >"$crate/Cargo.toml" <<TOML
[package]
name = "abort"
version = "0.1.0"
edition = "2024"
[dependencies]
festoon = { path = "$PWD/runtime", default-features = false }
[profile.dev]
panic = "abort"
[workspace]
TOML
cp Cargo.lock "$crate/Cargo.lock"
cat >"$crate/src/main.rs" <<'RUST'
use festoon::{ExitStack, OutcomeKind, Yields, context_manager, managers::callback, with, yield_};
use std::cell::RefCell;

type Log = RefCell<Vec<OutcomeKind>>;

#[context_manager]
fn told(log: &Log) -> Yields<()> {
    let how = yield_!();
    log.borrow_mut().push(how);
}

fn run(log: &Log, text: &str) -> Result<u8, std::num::ParseIntError> {
    let number = with!(told(log), callback(|how| log.borrow_mut().push(how)) => { text.parse()? });
    Ok(number)
}

fn main() {
    let log = Log::default();
    assert!(run(&log, "3").is_ok() && run(&log, "x").is_err());
    let stacked = ExitStack::scope(|stack| {
        stack.push(told(&log).enter());
        Err::<(), _>("wrong")
    });
    assert_eq!(stacked, Err("wrong"));
    drop(told(&log).enter());
    let told = log.take().iter().map(|how| how.name()).collect::<Vec<_>>().join(" ");
    assert_eq!(told, "success success error error error dropped");
}
RUST
echo "panic = abort"
cargo run --quiet --manifest-path "$crate/Cargo.toml" --target-dir "$CARGO_TARGET_DIR"
