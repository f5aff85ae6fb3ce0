//! What a [`Fallback`](crate::Fallback) returns instead of a failure.

pub use crate::falling_back::{Fixed, Instead, OrElse, With};
