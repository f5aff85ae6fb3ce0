//! Every shape of struct can be a guard.

use std::cell::Cell;
use std::fmt::Debug;

use festoon::{Guard, Outcome, OutcomeKind};

#[derive(Guard)]
#[guard(exit = Self::run)]
pub struct Defer<F: FnMut()>(pub F);

impl<F: FnMut()> Defer<F> {
    fn run(&mut self) {
        (self.0)();
    }
}

/// Defaults, const generics, unsized parameters and where clauses, with a private type inside.
#[derive(Guard, Debug)]
#[guard(exit = Self::end)]
pub struct Everything<'a, T: Debug + ?Sized, const N: usize = 2>
where
    T: 'a,
{
    pub seen: &'a Cell<usize>,
    pub value: &'a T,
    pub array: [Hidden; N],
}

#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Hidden;

impl<T: Debug + ?Sized, const N: usize> Everything<'_, T, N> {
    fn end(&mut self) {
        self.seen.set(format!("{:?}", self.value).len() + self.array.len());
    }
}

thread_local!(static UNIT: Cell<Option<OutcomeKind>> = const { Cell::new(None) });

#[derive(Guard)]
#[guard(exit = self::end)]
pub(crate) struct Unit;

fn end(_: &mut Unit, how: OutcomeKind) {
    UNIT.set(Some(how));
}

pub(super) fn last() -> Option<OutcomeKind> {
    UNIT.take()
}

/// A closure as exit, options in two attributes, another path to festoon.
#[derive(Guard)]
#[guard(exit = |this: &mut Self, how: Outcome<'_, std::fmt::Error>| this.0.set(how.kind()), crate = festoon)]
#[guard(error = std::fmt::Error)]
pub struct Closure<'a>(pub &'a Cell<OutcomeKind>);

#[derive(Guard)]
#[guard(exit = Self::end)]
#[repr(C, packed)]
pub struct Packed<'a> {
    pub small: u8,
    pub boxed: Box<u64>,
    pub seen: &'a Cell<u64>,
}

impl Packed<'_> {
    fn end(&mut self) {
        let seen = self.seen;
        seen.set(seen.get() + u64::from(self.small));
    }
}
