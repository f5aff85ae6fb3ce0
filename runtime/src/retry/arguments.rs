//! The function's arguments in each attempt.

/// A clone for every attempt except the last, which gets the argument itself.
#[inline]
pub fn take_or_clone<T: Clone>(kept: &mut Option<T>, is_last: bool) -> T {
    match kept {
        Some(argument) if !is_last => argument.clone(),
        _ => kept.take().unwrap_or_else(|| unreachable!("festoon: an attempt after the last one")),
    }
}
