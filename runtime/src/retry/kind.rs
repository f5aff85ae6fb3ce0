//! What the return type of a function decides: the verdict on a value, the text of a failure, and the value of an
//! attempt that a test makes fail.

use std::marker::PhantomData;

use super::verdict::Verdict;
use super::words::Text;

/// A return type. Its methods are found by type: `(&&of).text()` takes the first of [`Listens`](super::Listens), the
/// inherent method, [`Debugged`](super::Debugged) and [`NoText`](super::NoText).
pub struct Of<R>(PhantomData<fn() -> R>);

impl<R> Clone for Of<R> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Of<R> {}

impl<R> Of<R> {
    /// Any return type.
    pub(super) const NEW: Self = Of(PhantomData);

    /// The type of that value.
    #[inline]
    pub const fn value(_: &R) -> Self {
        Of::NEW
    }
}

/// The verdict on a value.
pub type Judge<R> = fn(&R) -> Verdict;
/// The text of a failure.
pub type TextOf<R> = for<'v> fn(&'v mut R) -> Text<'v>;
/// The value of an attempt that a test makes fail; nothing if the type has no such value.
pub type Fault<R> = fn() -> Option<R>;

/// What a loop needs to know of a failure.
pub struct Kind<R> {
    /// Its text.
    pub text: TextOf<R>,
    /// One that a test wants.
    pub fault: Fault<R>,
}
