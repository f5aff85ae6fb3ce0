//! Single flight: one run of the body per missing key.
//!
//! In: a key that no store has. Out: the value, from a run of the body or from another call's run. Open `call.rs` first;
//! `table.rs` says who leads and who waits.

pub(in crate::cached) mod call;
pub(in crate::cached) mod hang;
mod held;
pub(in crate::cached) mod owned;
pub(in crate::cached) mod refresh;
pub(in crate::cached) mod table;
pub(in crate::cached) mod waiter;
