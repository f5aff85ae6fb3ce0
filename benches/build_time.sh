#!/bin/bash
# How much compile time decorators cost: crates with 1,000 functions of two statements each, rebuilt after a touch, with
# their dependencies already built. Debug (not incremental) and release; medians of three rounds, with the variants in turn.
# Wall-clock and CPU seconds: the latter do not grow when other programs run. Bytes are those that the release library has
# more than `bare`: everything that is loaded (`size`'s text: code, strings, unwind tables), and only the code.
#
# Functions with a `Result` fail for a number that the compiler cannot exclude, so that no loop disappears, and backon's
# loops have the policy of `#[retry]`. Where they are async, each has a caller that boxes its future: nothing else would
# compile its body.
#
# The variants `mix_..` are functions with a hundred signatures: two owned or borrowed arguments of ten types each; plain,
# `Option` and `Result` outputs; a third of them async, a third methods.
#
# build_time.sh [VARIANT..]; FUNCTIONS and ROUNDS are environment variables.
set -euo pipefail
cd "$(dirname "$0")"
repository=$(cd .. && pwd)
every=$([ $# = 0 ] && echo yes || true)
functions=${FUNCTIONS:-1000}
rounds=${ROUNDS:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR=$work/target CARGO_INCREMENTAL=0

wanted=" bare bare_async fastrace mix_bare $* "
variants=()

variant() { # NAME DEPENDENCY PRELUDE ATTRIBUTES [BEFORE THE STATEMENTS] [AFTER THEM]
    [[ $every || $wanted == *" $1 "* ]] || return 0
    variants+=("$1")
    mkdir -p "$work/$1/src"
    cat >"$work/$1/Cargo.toml" <<TOML
[package]
name = "crate_$1"
version = "0.1.0"
edition = "2024"
[dependencies]
$2
TOML
    {
        echo "$3"
        for ((number = 0; number < functions; number++)); do
            echo "$4"
            echo "pub $async fn function_$number(x: u64) -> $output {"
            echo "    ${5:-}"
            echo "    let y = x.wrapping_mul($number).rotate_left(7);"
            echo "    $result"
            echo "    ${6:-}"
            echo "}"
            [[ ! $async ]] || echo "pub fn boxed_$number(x: u64) -> $boxed { Box::pin(function_$number(x)) }"
        done
    } >"$work/$1/src/lib.rs"
}

festoon="festoon = { path = \"$repository/runtime\" }"

async='' boxed='std::pin::Pin<Box<dyn Future<Output = Result<u64, String>>>>'
output=u64 result='y ^ x'
variant bare "" "" ""
variant hand_guard "" 'use std::{cell::Cell, time::Instant};
pub struct Site(pub &'"'"'static str);
thread_local! { static SUM: Cell<u64> = const { Cell::new(0) }; }
pub struct Timer(&'"'"'static Site, Instant);
impl Timer {
    #[inline(never)]
    pub fn start(site: &'"'"'static Site) -> Self { Timer(site, Instant::now()) }
}
impl Drop for Timer {
    #[inline]
    fn drop(&mut self) { finish(self) }
}
#[inline(never)]
fn finish(timer: &Timer) { SUM.set(SUM.get() + timer.1.elapsed().as_nanos() as u64 + timer.0.0.len() as u64) }' "" \
    'static SITE: Site = Site("function"); let _timer = Timer::start(&SITE);'
variant festoon_timed "$festoon" "use festoon::timed;" "#[timed]"
variant fastrace 'fastrace = { version = "=0.7.19", features = ["enable"] }' "use fastrace::trace;" "#[trace]"
variant hotpath 'hotpath = { version = "=0.30.3", default-features = false, features = ["hotpath"] }' "" "#[hotpath::measure]"
variant tracing 'tracing = "=0.1.44"' "use tracing::instrument;" "#[instrument]"
variant cached 'cached = "=4.1.0"' "use cached::macros::cached;" "#[cached]"
variant festoon_cached "$festoon" "use festoon::cached;" "#[cached]"

# With a `Result`, like functions that are retried.
output='Result<u64, String>' result='if y == 54321 { Err(String::new()) } else { Ok(y ^ x) }'
variant bare_result "" "" ""
variant festoon_stack "$festoon" "use festoon::{cached, retry, timed};" "#[timed]
#[cached]
#[retry]"
variant festoon_retry "$festoon" "use festoon::retry;" "#[retry]"
policy='ExponentialBuilder::new().with_min_delay(Duration::from_millis(100)).with_max_delay(Duration::from_secs(5))'
policy+='.with_max_times(2).with_jitter()'
variant backon 'backon = { version = "=1.6.0", default-features = false, features = ["std", "std-blocking-sleep"] }' \
    "use backon::{BlockingRetryable, ExponentialBuilder}; use std::time::Duration;" "" \
    "let call = move || -> $output {" "}; call.retry($policy).call()"
variant tracing_result 'tracing = "=0.1.44"' "use tracing::instrument;" "#[instrument(err)]"
async=async
variant bare_async "" "" ""
variant festoon_retry_async "$festoon" "use festoon::retry;" "#[retry]"
variant backon_async 'backon = { version = "=1.6.0", default-features = false, features = ["std", "tokio-sleep"] }' \
    "use backon::{ExponentialBuilder, Retryable}; use std::time::Duration;" "" \
    "let call = move || async move {" "}; call.retry($policy).await"
async=''

mix() { # NAME DEPENDENCY PRELUDE ATTRIBUTE METHOD_ATTRIBUTE
    [[ $every || $wanted == *" $1 "* ]] || return 0
    local types=(u64 "&str" String "Option<&str>" "&[u8]" Point "(u32, String)" i32 bool "Vec<u8>")
    local outputs=(u64 "Option<u64>" "Result<u64, String>") values=(z "Some(z)" "Ok(z)") number signature body
    variants+=("$1")
    mkdir -p "$work/$1/src"
    printf '[package]\nname = "crate_%s"\nversion = "0.1.0"\nedition = "2024"\n[dependencies]\n%s\n' "$1" "$2" \
        >"$work/$1/Cargo.toml"
    {
        echo "$3"
        echo "#[derive(Clone, PartialEq, Eq, Hash, Debug)] pub struct Point { pub x: i32, pub y: i32 }"
        echo "#[derive(Clone, PartialEq, Eq, Hash, Debug)] pub struct Shop { pub id: u64 }"
        for ((number = 0; number < functions; number++)); do
            signature="a: ${types[number % 10]}, b: ${types[number / 10 % 10]}) -> ${outputs[number / 100 % 3]}"
            body="{ let z = (size_of_val(&a) as u64).wrapping_mul($number).rotate_left(7) ^ size_of_val(&b) as u64;"
            body+=" ${values[number / 100 % 3]} }"
            case $((number % 3)) in
                0) echo "$4 pub fn function_$number($signature $body" ;;
                1) echo "$4 pub async fn function_$number($signature $body" ;;
                2) echo "impl Shop { $5 pub fn function_$number(&self, $signature $body }" ;;
            esac
        done
    } >"$work/$1/src/lib.rs"
}

mix mix_bare "" "" "" ""
mix mix_cached 'cached = { version = "=4.1.0", features = ["async"] }' "use cached::macros::cached;" \
    "#[cached]" "#[cached(in_impl = true)]"
mix mix_festoon "$festoon" "use festoon::cached;" "#[cached]" "#[cached(skip(self))]"

cd "$work"
{
    echo '[workspace]'
    echo 'resolver = "3"'
    printf 'members = ['
    printf '"%s", ' "${variants[@]}"
    echo ']'
} >Cargo.toml
cp "$repository/benches/Cargo.lock" .

build() { # VARIANT [--release]
    cargo build --quiet --package "crate_$1" ${2:-} 2>"$work/errors" || { cat "$work/errors" >&2; exit 1; }
}

for name in "${variants[@]}"; do
    build "$name"
    build "$name" --release
done

TIMEFORMAT='%R %U %S'
for ((round = 0; round < rounds; round++)); do
    for name in "${variants[@]}"; do
        for profile in debug release; do
            touch "$name/src/lib.rs"
            flag=$([ $profile = release ] && echo --release || true)
            { time build "$name" $flag; } 2>&1 | awk '{ print $1, $2 + $3 }' >>"$name.$profile"
        done
    done
done

median() { # FILE COLUMN
    awk "{ print \$$2 }" "$1" | sort -n | awk '{ line[NR] = $1 } END { printf "%.2f", line[int((NR + 1) / 2)] }'
}

bytes() { # VARIANT PATTERN: the sum of the sections that match
    size -A "$CARGO_TARGET_DIR/release/libcrate_$1.rlib" 2>/dev/null |
        awk -v pattern="$2" '$1 ~ pattern { sum += $2 } END { print sum + 0 }'
}

loaded='^\.(text|rodata|eh_frame|gcc_except_table)' code='^\.text'
echo "| $functions functions | debug s | debug CPU s | of fastrace | release s | release CPU s | bytes each | code each |"
echo "|---|---:|---:|---:|---:|---:|---:|---:|"
for name in "${variants[@]}"; do
    ratio=$(echo "$(median "$name.debug" 2) $(median fastrace.debug 2)" | awk '{ printf "%.2f", $1 / $2 }')
    case $name in
        mix_*) base=mix_bare ;;
        *_async) base=bare_async ;;
        *) base=bare ;;
    esac
    more=$((($(bytes "$name" "$loaded") - $(bytes "$base" "$loaded")) / functions))
    more_code=$((($(bytes "$name" "$code") - $(bytes "$base" "$code")) / functions))
    echo "| $name | $(median "$name.debug" 1) | $(median "$name.debug" 2) | $ratio |" \
        "$(median "$name.release" 1) | $(median "$name.release" 2) | $more | $more_code |"
done
