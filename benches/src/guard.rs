//! `#[derive(Guard)]`: an exit that runs at the end of the scope. It must not cost more than a hand-written `Drop`.

use std::cell::Cell;
use std::hint::black_box;

use festoon::{OutcomeKind, Yields, context_manager, with, yield_};

use crate::harness::Suite;

pub fn suites() -> Vec<Suite> {
    vec![left(), finished(), block()]
}

fn work(x: u64) -> u64 {
    black_box(black_box(x).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

thread_local! {
    static OPEN: Cell<u64> = const { Cell::new(0) };
}

fn close(open: &Cell<u64>) {
    open.set(open.get() + 1);
}

struct Hand<'a> {
    open: &'a Cell<u64>,
}

impl Drop for Hand<'_> {
    fn drop(&mut self) {
        close(self.open);
    }
}

#[derive(festoon::Guard)]
#[guard(exit = Self::exit)]
struct Festoon<'a> {
    open: &'a Cell<u64>,
}

impl Festoon<'_> {
    fn exit(&mut self) {
        close(self.open);
    }
}

/// How the scope ended, without festoon: a field that the owner sets.
struct HandTold<'a> {
    open: &'a Cell<u64>,
    how: OutcomeKind,
}

impl Drop for HandTold<'_> {
    fn drop(&mut self) {
        if self.how == OutcomeKind::Success {
            close(self.open);
        }
    }
}

#[derive(festoon::Guard)]
#[guard(exit = Self::exit)]
struct FestoonTold<'a> {
    open: &'a Cell<u64>,
}

impl FestoonTold<'_> {
    fn exit(&mut self, how: OutcomeKind) {
        if how == OutcomeKind::Success {
            close(self.open);
        }
    }
}

#[inline(never)]
pub fn bare(open: &Cell<u64>, x: u64) -> u64 {
    let value = work(x);
    close(open);
    value
}

#[inline(never)]
pub fn hand(open: &Cell<u64>, x: u64) -> u64 {
    let _guard = Hand { open };
    work(x)
}

#[inline(never)]
pub fn festoon(open: &Cell<u64>, x: u64) -> u64 {
    let _guard = Festoon { open };
    work(x)
}

#[inline(never)]
fn scope_guard(open: &Cell<u64>, x: u64) -> u64 {
    let _guard = scopeguard::guard(open, close);
    work(x)
}

#[inline(never)]
pub fn hand_told(open: &Cell<u64>, x: u64) -> u64 {
    let mut guard = HandTold { open, how: OutcomeKind::Dropped };
    let value = work(x);
    guard.how = OutcomeKind::Success;
    value
}

#[inline(never)]
pub fn festoon_told(open: &Cell<u64>, x: u64) -> u64 {
    let guard = FestoonTold { open };
    let value = work(x);
    guard.finish(OutcomeKind::Success);
    value
}

fn checked(x: u64) -> Result<u64, u64> {
    let value = work(x);
    if value == u64::MAX { Err(value) } else { Ok(value) }
}

/// `?` in the block, with a call of the exit at each way out.
#[inline(never)]
pub fn hand_match(open: &Cell<u64>, x: u64) -> Result<u64, u64> {
    let mut guard = HandTold { open, how: OutcomeKind::Dropped };
    let value = match checked(x) {
        Ok(value) => value,
        Err(error) => {
            guard.how = OutcomeKind::Error;
            return Err(error);
        }
    };
    guard.how = OutcomeKind::Success;
    Ok(value)
}

#[inline(never)]
pub fn festoon_with(open: &Cell<u64>, x: u64) -> Result<u64, u64> {
    let value = with!(FestoonTold { open } => { checked(x)? });
    Ok(value)
}

#[context_manager]
fn opened(open: &Cell<u64>) -> Yields<()> {
    if yield_!() == OutcomeKind::Success {
        close(open);
    }
}

#[inline(never)]
pub fn festoon_generator(open: &Cell<u64>, x: u64) -> Result<u64, u64> {
    let value = with!(opened(open) => { checked(x)? });
    Ok(value)
}

fn told(call: fn(&Cell<u64>, u64) -> Result<u64, u64>) -> impl Fn(std::ops::Range<u64>) + Sync {
    move |numbers| {
        OPEN.with(|open| {
            for number in numbers {
                let _ = black_box(call(open, black_box(number)));
            }
        });
    }
}

fn block() -> Suite {
    Suite::new("with!: a block with `?`, whose exit receives the outcome")
        .batch("match by hand", told(hand_match))
        .floor()
        .batch("festoon, with!", told(festoon_with))
        .batch("festoon, #[context_manager]", told(festoon_generator))
}

fn on(call: fn(&Cell<u64>, u64) -> u64) -> impl Fn(std::ops::Range<u64>) + Sync {
    move |numbers| {
        OPEN.with(|open| {
            for number in numbers {
                black_box(call(open, black_box(number)));
            }
        });
    }
}

fn left() -> Suite {
    Suite::new("guard: an exit at the end of the scope")
        .batch("no guard", on(bare))
        .batch("Drop by hand", on(hand))
        .floor()
        .batch("festoon", on(festoon))
        .batch("scopeguard", on(scope_guard))
}

fn finished() -> Suite {
    Suite::new("guard: an exit that receives the outcome of the scope")
        .batch("Drop by hand, with a field", on(hand_told))
        .floor()
        .batch("festoon, finish", on(festoon_told))
}
