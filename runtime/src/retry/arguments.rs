//! What each attempt gets of the function's arguments.

use crate::outcome::Probe;

/// A clone for every attempt but the last, which gets the argument itself.
#[inline]
pub fn hand<T: Clone>(kept: &mut Option<T>, is_last: bool) -> T {
    match kept {
        Some(argument) if !is_last => argument.clone(),
        _ => kept.take().unwrap_or_else(|| unreachable!("festoon: an attempt after the last one")),
    }
}

/// A `Copy` argument as it was when the function was called.
pub struct Saved<T>(T);

impl<T: Copy> Probe<'_, T> {
    /// The inherent method comes before [`NotCopied`]'s.
    #[inline]
    pub fn saved(&self) -> Saved<T> {
        Saved(*self.0)
    }
}

impl<T: Copy> Saved<T> {
    #[inline]
    pub fn restore(&self, argument: &mut T) {
        *argument = self.0;
    }
}

/// An argument that cannot be saved: it stays as the last attempt left it.
pub struct Unsaved;

/// What a [`Probe`] says of a type that is not `Copy`.
pub trait NotCopied {
    /// Nothing.
    #[inline]
    fn saved(&self) -> Unsaved {
        Unsaved
    }
}

impl<T> NotCopied for Probe<'_, T> {}

impl Unsaved {
    #[inline]
    #[allow(clippy::unused_self)]
    pub fn restore<T>(&self, _: &mut T) {}
}
