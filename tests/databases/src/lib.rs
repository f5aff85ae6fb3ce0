//! Transactions of a real database, SQLite: committed after success, rolled back after an error, a panic and a cancellation.
#![cfg(test)]

mod by_rusqlite;
mod by_sqlx;

use std::panic::{AssertUnwindSafe, catch_unwind};

/// How a body ends after its insert.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    End,
    Return,
    Error,
    Panic,
}

fn panics<R>(run: impl FnOnce() -> R) -> bool {
    catch_unwind(AssertUnwindSafe(run)).is_err()
}
