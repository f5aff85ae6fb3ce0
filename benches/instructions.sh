#!/bin/bash
# Instructions per call, counted by callgrind: they do not depend on the machine's load.
# The difference between two runs of different length, so that first calls and filling the caches do not count.
set -euo pipefail
cd "$(dirname "$0")"

command -v valgrind >/dev/null || apt-get install -y valgrind >/dev/null
cargo build --release --quiet
bench=target/release/festoon-bench

few=70000 many=170000

collected() { # PART TABLE CASE CALLS
    valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect='*counted_calls*' \
        "$bench" --count "$@" 2>&1 | sed -n 's/.*Collected : //p'
}

per_call() { # PART TABLE CASE
    local first second
    first=$(collected "$@" $few) second=$(collected "$@" $many)
    echo $(((second - first + (many - few) / 2) / (many - few)))
}

table() { # PART TABLE CASE..
    local part=$1 number=$2 case
    shift 2
    echo "| $part | instructions a call |"
    echo "|---|---:|"
    for case in "$@"; do
        echo "| $case | $(per_call "$part" "$number" "$case") |"
    done
    echo
}

table timed 0 "bare" "floor" "festoon" "festoon, off" "festoon, sampled 1/16" \
    "Instant x2 + histogram"
table timed 1 "bare" "floor (does not tell errors apart)" "festoon" "festoon, off"
table timed 3 "bare" "floor" "festoon"
table cached 0 "the key alone" "thread-local foldhash map" "64-shard RwLock map" "quick_cache get" \
    "cached" "cached, max_size" "cached, max_size + ttl" "concurrent_cached, max_size" "memoize (per thread)"
table cached 2 "the key alone" "64-shard RwLock map, borrowed" "quick_cache get, borrowed" "cached, max_size"
table cached 3 "bare" "quick_cache get, no await" "cached" "concurrent_cached, max_size"
table retry 0 "bare" "loop by hand" "backon, exponential"
table retry 1 "bare" "loop by hand, tokio's sleep" "backon, exponential" "tokio-retry2, exponential"
table retry 2 "three calls" "loop by hand" "loop by hand, one counter" "festoon, fixed" "backon, constant"
table guard 0 "no guard" "Drop by hand" "festoon" "scopeguard"
table guard 1 "Drop by hand, with a field" "festoon, finish"
table guard 2 "match by hand" "festoon, with!" "festoon, #[context_manager]"
table registry 0 "the name alone" "foldhash map"
