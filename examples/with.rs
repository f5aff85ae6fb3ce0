//! `with!`: a transaction that is committed or rolled back, however its block is left.

use festoon::{Exit, Outcome, Verdict, with};
use std::num::ParseIntError;

/// A transaction that has begun.
struct Transaction {
    rows: Vec<u32>,
}

impl<E> Exit<E> for Transaction {
    fn exit(self, how: Outcome<'_, E>) -> Result<Verdict<E>, E> {
        match how {
            Outcome::Success => println!("  commit {:?}", self.rows),
            other => println!("  roll back, after {}", other.name()),
        }
        Ok(Verdict::Pass)
    }
}

fn add(lines: &[&str]) -> Result<usize, ParseIntError> {
    let mut count = 0;
    for line in lines {
        with!(transaction = Transaction { rows: vec![] } => {
            if line.is_empty() {
                break;
            }
            for number in line.split(' ') {
                transaction.rows.push(number.parse()?);
            }
            count += transaction.rows.len();
        });
    }
    Ok(count)
}

fn main() {
    println!("up to the empty line: {:?}", add(&["1 2", "3", "", "4"]));
    println!("an error: {:?}", add(&["4 five", "6"]));
}
