//! A scope that is a closure.

use std::any::type_name;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use super::Exit;
use super::exit::{settled, told, told_in_vain};
use crate::Outcome;

/// A scope whose exit never swallows its error.
#[inline]
pub(super) fn passing<A: Exit<E>, R, E>(active: A, body: impl FnOnce(&mut A) -> Result<R, E>) -> Result<R, E> {
    const { assert!(!A::MAY_SWALLOW, "this exit may swallow the error, and leave no value: call `scope_opt`") };
    swallowing(active, body).map(certain)
}

/// A scope whose exit may swallow its error.
#[inline]
pub(super) fn swallowing<A: Exit<E>, R, E>(
    mut active: A,
    body: impl FnOnce(&mut A) -> Result<R, E>,
) -> Result<Option<R>, E> {
    match catch_unwind(AssertUnwindSafe(|| body(&mut active))) {
        Ok(mut result) => {
            let verdict = told(active, Outcome::of(&mut result));
            settled(result, verdict)
        }
        Err(mut payload) => {
            told_in_vain(type_name::<A>(), || told(active, Outcome::Panic(Some(&mut *payload))));
            resume_unwind(payload)
        }
    }
}

/// The value, if no error is swallowed: `told` turns such a verdict into `Pass`.
pub(super) fn certain<R>(value: Option<R>) -> R {
    value.unwrap_or_else(|| unreachable!("festoon: an exit that may not swallow did"))
}
