//! Single flight: one run of the body per missing key.

pub(in crate::cached) mod call;
pub(in crate::cached) mod hang;
mod held;
pub(in crate::cached) mod owned;
pub(in crate::cached) mod refresh;
pub(in crate::cached) mod table;
pub(in crate::cached) mod waiter;
