//! What a [`Fallback`](crate::Fallback) gives instead of a failure.

pub use crate::falling_back::{Fixed, Instead, OrElse, With};
