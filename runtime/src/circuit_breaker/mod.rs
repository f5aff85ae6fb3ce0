//! `#[circuit_breaker]`, and `Breaker` as a value.
//!
//! In: a call, and how it ended. Out: a permit, or a refusal. Open `breaker.rs` first; `window.rs` counts the calls.

mod admit;
mod breaker;
mod handle;
mod permit;
mod settings;
mod window;

pub use breaker::{Breaker, BreakerState, BreakerStats};
pub use permit::{Permit, always, ended};
