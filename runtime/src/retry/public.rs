//! All `#[retry]` functions of the program, and the errors of calls that gave up.

pub use crate::retrying::{Always, AsTheErrorSays, Budget, Decide, Failure, Reason, RetryError, When};

use crate::retrying::Retries;

/// A `#[retry]` function that has been called.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Row {
    /// The full path of the function.
    pub name: String,
    /// The statistics of its calls.
    pub retries: Retries,
    /// The budget that it shares, if it has one.
    pub budget: Option<&'static Budget>,
}

/// Returns every `#[retry]` function that has been called so far, sorted by name.
///
/// ```
/// use festoon::{Budget, retry};
///
/// static BUDGET: Budget = Budget::new(0.1).floor(1);
///
/// #[retry(attempts = 2, wait = fixed(1ms), budget = BUDGET)]
/// fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
///     text.parse()
/// }
///
/// assert!(parse("x").is_err());
/// let all = festoon::retry::all();
/// let row = all.iter().find(|row| row.name.ends_with("parse")).unwrap();
/// assert_eq!((row.retries.retried, row.budget.map(Budget::left)), (1, Some(0)));
/// ```
#[must_use]
pub fn all() -> Vec<Row> {
    crate::retrying::all()
}
