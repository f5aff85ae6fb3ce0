//! Starts the refresh of a cached value: the cache decides that it is due, and does not know about threads.

use crate::background;
use crate::cached::{Claim, Core, Policy, Types};

/// The methods of a claim that expansions call.
pub trait InBackground<R>: Sized {
    /// Runs the body in the background.
    fn run(self, body: impl FnOnce() -> R + Send + 'static);
    /// The same for a future.
    fn run_async(self, body: impl Future<Output = R> + Send + 'static);
}

impl<P: Policy<Value = C::Value> + 'static, C: Types> InBackground<P::Output> for Claim<P, C>
where
    Core<C>: Send + Sync,
{
    fn run(self, body: impl FnOnce() -> P::Output + Send + 'static) {
        background::run(self.job(body));
    }

    fn run_async(self, body: impl Future<Output = P::Output> + Send + 'static) {
        background::spawn(self.task(body));
    }
}
