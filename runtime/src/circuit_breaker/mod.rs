//! `#[circuit_breaker]`, and `Breaker` as a value.

mod admit;
mod breaker;
mod handle;
mod permit;
mod settings;
mod window;

pub use breaker::{Breaker, BreakerState, BreakerStats};
pub use permit::{Permit, always, ended};
