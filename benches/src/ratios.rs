//! The hit ratios of bounded caches: the same keys in the same order for each of them, on one thread.

use std::fmt::Write;

use comfy_table::{CellAlignment, Table, presets};
use festoon::{Decorated, cached};

use crate::cached::quick_cache;

const KEYS: u64 = 100_000;
const CALLS: usize = 1_000_000;

#[cached(max = 1_000)]
fn of_thousand(key: u64) -> u64 {
    key
}

#[cached(max = 10_000)]
fn of_ten_thousand(key: u64) -> u64 {
    key
}

#[cached(max = 1_000, policy = lru)]
fn lru_of_thousand(key: u64) -> u64 {
    key
}

#[cached(max = 10_000, policy = lru)]
fn lru_of_ten_thousand(key: u64) -> u64 {
    key
}

/// Zipf's law: the frequency of the key of rank `r` is proportional to `1 / r^skew`.
fn zipf(skew: f64) -> Vec<u64> {
    let mut random = fastrand::Rng::with_seed(7);
    let sums: Vec<f64> = (1..=KEYS)
        .scan(0.0, |sum, rank| {
            *sum += (rank as f64).powf(-skew);
            Some(*sum)
        })
        .collect();
    let total = sums[sums.len() - 1];
    let draws = std::iter::repeat_with(|| random.f64() * total).take(CALLS);
    draws.map(|draw| sums.partition_point(|sum| *sum < draw) as u64).collect()
}

/// Every fourth call uses a new key, which is never used again.
fn scanned(mut trace: Vec<u64>) -> Vec<u64> {
    for (number, key) in trace.iter_mut().enumerate().filter(|(number, _)| number % 4 == 0) {
        *key = KEYS + number as u64;
    }
    trace
}

fn of_quick_cache(capacity: usize, trace: &[u64]) -> f64 {
    let cache = quick_cache::<u64>(capacity);
    let mut hits = 0;
    for key in trace {
        match cache.get(key) {
            Some(_) => hits += 1,
            None => cache.insert(*key, *key),
        }
    }
    percent(hits, trace.len() as u64)
}

fn of_function<F: Fn(u64) -> u64 + Copy>(function: F, trace: &[u64]) -> f64 {
    function.cache().clear();
    for key in trace {
        function(*key);
    }
    let info = function.cache().info();
    percent(info.hits, info.hits + info.misses)
}

fn percent(hits: u64, calls: u64) -> f64 {
    100.0 * hits as f64 / calls as f64
}

/// One line for each distribution of keys and each size.
pub fn table() -> String {
    let mut table = Table::new();
    let header = ["hits, % of calls", "room", "quick_cache", "festoon", "festoon, policy = lru"];
    table.load_style(presets::ASCII_MARKDOWN).set_header(header);
    for (name, trace) in
        [("Zipf 0.99", zipf(0.99)), ("Zipf 0.8", zipf(0.8)), ("Zipf 0.99, a quarter scanned", scanned(zipf(0.99)))]
    {
        let rows = [
            (1_000, of_function(of_thousand, &trace), of_function(lru_of_thousand, &trace)),
            (10_000, of_function(of_ten_thousand, &trace), of_function(lru_of_ten_thousand, &trace)),
        ];
        for (capacity, ours, lru) in rows {
            let room = format!("{} %", 100 * capacity as u64 / KEYS);
            let shares = [of_quick_cache(capacity, &trace), ours, lru].map(|share| format!("{share:.2}"));
            table.add_row([name.to_owned(), room].into_iter().chain(shares));
        }
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let mut text = String::from("### cached: how many calls are hits, 100,000 keys, a million calls\n\n");
    let _ = writeln!(text, "{table}");
    text
}
