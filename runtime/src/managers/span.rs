//! `tracing` spans around scopes.

use std::ops::Deref;

use tracing::Span;
use tracing::span::EnteredSpan;

use crate::{Exit, Outcome, Verdict};

/// Enters a span now, and leaves it at the end of the scope. Spans and events within have it as their parent. If the
/// span has a field `outcome`, that is set at the end: to `"success"`, `"error"` or another name of the
/// [`OutcomeKind`](crate::OutcomeKind).
///
/// Do not use it around an `.await`: the thread would stay in the span while other tasks run on it, and the future is
/// not `Send`. Around async code, use `#[timed(span)]`, or `tracing`'s own `.instrument(span)`.
///
/// ```
/// use festoon::managers::span;
/// use festoon::with;
///
/// fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
///     let number = with!(span(tracing::info_span!("parse", text, outcome = tracing::field::Empty)) => {
///         text.parse()?
///     });
///     Ok(number)
/// }
///
/// assert_eq!(parse("3"), Ok(3));
/// ```
pub fn span(span: Span) -> InSpan {
    InSpan(span.entered())
}

/// Returned by [`span`].
#[derive(Debug)]
#[must_use = "dropping it leaves the span at once"]
pub struct InSpan(EnteredSpan);

impl Deref for InSpan {
    type Target = Span;

    fn deref(&self) -> &Span {
        &self.0
    }
}

#[diagnostic::do_not_recommend]
impl<E> Exit<E> for InSpan {
    fn exit(self, how: Outcome<'_, E>) -> Result<Verdict<E>, E> {
        self.0.record("outcome", how.name());
        Ok(Verdict::Pass)
    }
}
