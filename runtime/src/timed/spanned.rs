//! A call in its own span. An async one enters the span whenever its future is polled, and when it is dropped.

use std::panic::UnwindSafe;
use std::pin::Pin;
use std::task::{Context, Poll};

use tracing::field::Value;
use tracing::{Id, Span};

use crate::outcome::OutcomeKind;

/// The field that `span(outcome)` records.
const OUTCOME: &str = "outcome";

/// Wraps a future.
#[inline]
pub fn spanned<F: Future>(span: Span, future: F) -> Spanned<F> {
    Spanned { future: Some(future), span }
}

/// The same, and calls `tell` with the future's output inside of the span. If it `records`
/// outcomes, a future that does not complete records that on the span.
#[inline]
pub fn spanned_to_end<F, T>(span: Span, records: bool, future: F, tell: T) -> SpannedToEnd<F, T>
where
    F: Future,
    T: FnMut(&Span, &F::Output),
{
    SpannedToEnd { future: Some(future), tell, early: Some(OutcomeKind::Cancelled), records, span }
}

pin_project_lite::pin_project! {
    /// A future in a span.
    #[must_use = "futures do nothing unless polled"]
    pub struct Spanned<F> {
        // `None` once it has been dropped.
        #[pin]
        future: Option<F>,
        span: Span,
    }

    impl<F> PinnedDrop for Spanned<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            let _entered = this.span.enter();
            this.future.set(None);
        }
    }
}

pin_project_lite::pin_project! {
    /// A future in a span that is told how the call ends.
    #[must_use = "futures do nothing unless polled"]
    pub struct SpannedToEnd<F, T> {
        // `None` once it has been dropped.
        #[pin]
        future: Option<F>,
        tell: T,
        // How the call has ended if it is dropped now; `None` once it has completed.
        early: Option<OutcomeKind>,
        records: bool,
        span: Span,
    }

    impl<F, T> PinnedDrop for SpannedToEnd<F, T> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            let _entered = this.span.enter();
            let early = this.early.filter(|_| *this.records);
            let _end = early.map(|kind| End { span: this.span, kind: Some(kind), in_panic: false });
            this.future.set(None);
        }
    }
}

/// A panic exits the span, to which there are no references.
impl<F: UnwindSafe> UnwindSafe for Spanned<F> {}

/// As above.
impl<F: UnwindSafe, T: UnwindSafe> UnwindSafe for SpannedToEnd<F, T> {}

impl<F: Future> Future for Spanned<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _entered = this.span.enter();
        match this.future.as_pin_mut() {
            Some(future) => future.poll(context),
            None => unreachable!("it is only taken out by `drop`"),
        }
    }
}

impl<F, T> Future for SpannedToEnd<F, T>
where
    F: Future,
    T: FnMut(&Span, &F::Output),
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _entered = this.span.enter();
        let Some(future) = this.future.as_pin_mut() else { unreachable!("it is only taken out by `drop`") };
        // Remains set if the poll panics.
        *this.early = Some(OutcomeKind::Panic);
        let result = future.poll(context);
        match &result {
            Poll::Pending => *this.early = Some(OutcomeKind::Cancelled),
            Poll::Ready(value) => {
                *this.early = None;
                (this.tell)(this.span, value);
            }
        }
        result
    }
}

/// Says which spans led to this one.
pub fn follow<C: IntoIterator<Item: Into<Option<Id>>>>(span: &Span, causes: C) {
    for cause in causes {
        span.follows_from(cause);
    }
}

/// Tells of the value of a sync call. (A closure that is called where it is written would be reported by clippy.)
#[inline]
pub fn tell<R>(span: &Span, value: &R, tell: impl FnOnce(&Span, &R)) {
    tell(span, value);
}

/// Records how the call ended that returned this value.
#[inline]
pub fn record_outcome<R>(span: &Span, value: &R, kind: impl FnOnce(&R) -> OutcomeKind) {
    if !span.is_disabled() {
        span.record(OUTCOME, kind(value).name());
    }
}

/// Records how a sync call ended, if it is dropped before the call returns a value that says it.
#[must_use]
pub struct End<'s> {
    span: &'s Span,
    /// How it ended, if that is known.
    kind: Option<OutcomeKind>,
    /// It started during a panic, in which a `drop` cannot tell a normal end from another panic.
    in_panic: bool,
}

impl<'s> End<'s> {
    /// The call starts now.
    #[inline]
    pub fn of(span: &'s Span) -> Self {
        End { span, kind: None, in_panic: std::thread::panicking() }
    }

    /// The call has returned a value, which says how it ended.
    #[inline]
    pub fn returned(self) {
        std::mem::forget(self);
    }
}

impl Drop for End<'_> {
    fn drop(&mut self) {
        let panicked = std::thread::panicking() && !self.in_panic;
        let seen = if panicked { OutcomeKind::Panic } else { OutcomeKind::Success };
        if !self.span.is_disabled() {
            self.span.record(OUTCOME, self.kind.unwrap_or(seen).name());
        }
    }
}

/// A value that is to be recorded as it is. One that can be has an inherent method, which takes precedence over that of
/// [`NotPlain`].
pub struct Plain<'v, T: ?Sized>(pub &'v T);

impl<'v, T: Value + ?Sized> Plain<'v, T> {
    /// The value.
    #[inline]
    #[must_use]
    pub fn recorded(&self) -> &'v T {
        self.0
    }
}

/// The fallback for all other values, which explains itself.
pub trait NotPlain<T: ?Sized> {
    /// A placeholder.
    fn recorded(&self) -> &'static str
    where
        T: FieldValue,
    {
        ""
    }
}

impl<T: ?Sized> NotPlain<T> for Plain<'_, T> {}

/// What a field can hold as it is. Nothing implements it: those that can be recorded do not need it.
#[diagnostic::on_unimplemented(
    message = "a field cannot record `{Self}` as it is",
    label = "write `?` before the value to record its `Debug`, or `%` for its `Display`",
    note = "numbers, `bool`, strings, errors, and an `Option` of them are recorded as they are"
)]
pub trait FieldValue {}

/// A return value of which `span(err)` tells. That of a `Result` has an inherent method, which takes precedence over that
/// of [`NoResult`].
pub struct Returned<'v, T>(pub &'v T);

impl<'v, T, E> Returned<'v, Result<T, E>> {
    /// The value, or the error.
    ///
    /// # Errors
    /// That of the call.
    #[inline]
    pub fn by_reference(&self) -> Result<&'v T, &'v E> {
        self.0.as_ref()
    }
}

/// The fallback for all other values, which explains itself.
pub trait NoResult<T> {
    /// A placeholder.
    ///
    /// # Errors
    /// Never.
    fn by_reference(&self) -> Result<&'static u8, &'static u8>
    where
        T: MaybeErr,
    {
        Ok(&0)
    }
}

impl<T> NoResult<T> for Returned<'_, T> {}

/// What `span(err)` can tell of. Nothing implements it: a `Result` does not need it.
#[diagnostic::on_unimplemented(
    message = "`err` tells of an `Err`, but this function returns `{Self}`",
    label = "remove `err`, or return a `Result`"
)]
pub trait MaybeErr {}
