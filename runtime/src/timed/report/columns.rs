//! The columns of the table and of the HTML page.

use std::fmt;
use std::time::Duration;

use super::{Report, Row};
use crate::timed::allocations::Allocations;
use crate::timed::short::{short, short_bytes};

/// One column: its title, its meaning, and its value for a row.
pub(super) struct Column {
    pub(super) title: &'static str,
    pub(super) help: &'static str,
    pub(super) value: fn(&Row) -> Value,
    /// Which column to leave out when the terminal is narrow: the one with the highest number goes first; zero always
    /// stays.
    pub(super) spare: u8,
    /// Left out if it has no value for any function.
    optional: bool,
}

/// The value of a column for a function.
pub(super) enum Value {
    Nothing,
    Name(String),
    Count(u64),
    /// Calls that failed.
    Bad(u64),
    Percent(u64),
    Time(Duration),
    Bytes(u64),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Nothing | Value::Bad(0) => f.write_str("-"),
            Value::Name(name) => f.write_str(name),
            Value::Count(count) | Value::Bad(count) => count.fmt(f),
            Value::Percent(share) => write!(f, "{share}%"),
            Value::Time(length) => f.write_str(&short(*length)),
            Value::Bytes(bytes) => f.write_str(&short_bytes(*bytes)),
        }
    }
}

const fn column(title: &'static str, spare: u8, value: fn(&Row) -> Value, help: &'static str) -> Column {
    Column { title, help, value, spare, optional: false }
}

const fn optional(title: &'static str, spare: u8, value: fn(&Row) -> Value, help: &'static str) -> Column {
    Column { optional: true, ..column(title, spare, value, help) }
}

const COLUMNS: &[Column] = &[
    column("function", 0, |row| Value::Name(row.title()), "its path, or the name it was given"),
    column("calls", 0, |row| Value::Count(row.outcomes.total()), "calls that have ended"),
    optional("err", 1, |row| Value::Bad(row.outcomes.error()), "calls that returned an Err"),
    optional("panic", 1, |row| Value::Bad(row.outcomes.panic()), "calls that panicked"),
    optional(
        "cancelled",
        2,
        |row| Value::Bad(row.outcomes.cancelled()),
        "calls whose future was dropped before it completed",
    ),
    column("total", 0, |row| Value::Time(row.total), "the time in all calls, recursion counted once"),
    column("self", 4, |row| Value::Time(row.self_time), "the same without other timed functions; async: inside polls"),
    column("mean", 5, |row| Value::Time(row.mean), "mean latency of the successful calls"),
    optional("err mean", 4, err_mean, "mean time of the calls that returned an Err"),
    column("p50", 3, |row| Value::Time(row.p50), "half of the successful calls took less"),
    column("p90", 7, |row| Value::Time(row.p90), "90 % of the successful calls took less"),
    column("p99", 2, |row| Value::Time(row.p99), "99 % of the successful calls took less"),
    column("max", 6, |row| Value::Time(row.max), "the longest successful call"),
    optional(
        "allocs",
        3,
        |row| of_heap(row, |heap| Value::Count(heap.count)),
        "allocations, those of other timed functions included",
    ),
    optional("bytes", 2, |row| of_heap(row, |heap| Value::Bytes(heap.bytes)), "the bytes of these allocations"),
    optional(
        "self allocs",
        5,
        |row| of_heap(row, |heap| Value::Count(heap.self_count)),
        "allocations without other timed functions",
    ),
    optional(
        "self bytes",
        4,
        |row| of_heap(row, |heap| Value::Bytes(heap.self_bytes)),
        "the bytes of these allocations",
    ),
    optional("hits", 3, hits, "the share of calls that #[cached] answered"),
    optional("attempts", 4, attempts, "attempts of #[retry], first ones included"),
    optional("waited", 5, waited, "the time between attempts"),
    optional("polls", 9, polls, "how often it was polled"),
    optional("busy", 8, busy, "the time inside polls"),
    optional("longest poll", 10, longest_poll, "the longest time that it kept its thread from other tasks"),
];

fn err_mean(row: &Row) -> Value {
    row.err_mean().map_or(Value::Nothing, Value::Time)
}

fn of_heap(row: &Row, value: fn(&Allocations) -> Value) -> Value {
    row.allocations.as_ref().map_or(Value::Nothing, value)
}

fn hits(row: &Row) -> Value {
    row.cache.map_or(Value::Nothing, |cache| Value::Percent(cache.percent()))
}

fn attempts(row: &Row) -> Value {
    row.retry.map_or(Value::Nothing, |retry| Value::Count(retry.attempts))
}

fn waited(row: &Row) -> Value {
    row.retry.map_or(Value::Nothing, |retry| Value::Time(retry.waited))
}

fn polls(row: &Row) -> Value {
    row.polls.map_or(Value::Nothing, |polls| Value::Count(polls.count))
}

fn busy(row: &Row) -> Value {
    row.polls.map_or(Value::Nothing, |polls| Value::Time(polls.busy))
}

fn longest_poll(row: &Row) -> Value {
    row.polls.map_or(Value::Nothing, |polls| Value::Time(polls.longest))
}

impl Report {
    /// The columns that have a value.
    pub(super) fn columns(&self) -> Vec<&'static Column> {
        let says = |column: &&Column| self.rows.iter().any(|row| (column.value)(row).to_string() != "-");
        COLUMNS.iter().filter(|column| !column.optional || says(column)).collect()
    }
}
