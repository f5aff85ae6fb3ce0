//! Values that are computed anew in the background, while the one there is is given out.

use std::marker::PhantomData;

use crate::background;
use crate::cached::core::Core;
use crate::cached::flight::call::{Found, Leader, Miss};
use crate::cached::key::{KeyPart, LookupKey};
use crate::cached::store::Types;
use crate::cached::value::entry::Entry;
use crate::cached::value::policy::Policy;

/// What a look-up came to.
pub enum Refreshed<P: Policy, C: Types> {
    /// What the call returns.
    Hit(P::Output),
    /// The same, and this call is to see to a new one.
    Due(P::Output, Claim<P, C>),
    /// The body may have to run.
    Miss(Miss<P, C>),
}

impl<P: Policy, C: Types> From<Found<P, C>> for Refreshed<P, C> {
    fn from(found: Found<P, C>) -> Self {
        match found {
            Found::Hit(output) => Refreshed::Hit(output),
            Found::Miss(miss) => Refreshed::Miss(miss),
        }
    }
}

/// The right to compute a value anew. Dropped without one, it passes to a later call.
pub struct Claim<P, C: Types> {
    lead: Leader<C>,
    entry: Disclaims<C::Entry>,
    policy: PhantomData<fn(P)>,
}

/// However it ends: an entry that has been replaced does not mind.
struct Disclaims<E: Entry>(E);

impl<E: Entry> Drop for Disclaims<E> {
    fn drop(&mut self) {
        self.0.disclaim();
    }
}

/// A call has claimed the refresh of an entry.
#[cold]
pub(in crate::cached) fn claimed<P, C, Q>(
    core: &Core<C>,
    hash: u64,
    query: &LookupKey<Q>,
    value: C::Value,
    entry: C::Entry,
) -> Refreshed<P, C>
where
    C: Types,
    P: Policy<Value = C::Value>,
    Q: KeyPart<Owned = C::Key>,
{
    let entry = Disclaims(entry);
    let output = P::output(value);
    match core.begin_refresh(hash, query) {
        Some(lead) => Refreshed::Due(output, Claim { lead, entry, policy: PhantomData }),
        None => Refreshed::Hit(output),
    }
}

impl<P: Policy<Value = C::Value> + 'static, C: Types> Claim<P, C>
where
    Core<C>: Send + Sync,
{
    /// Runs the body in the background.
    pub fn run(self, body: impl FnOnce() -> P::Output + Send + 'static) {
        let Claim { lead, entry, .. } = self;
        // Before the flight is over, so that whoever has seen its end may claim.
        let body = move || {
            let _entry = entry;
            body()
        };
        background::run(move || {
            let run = lead.enter_once::<P>();
            let output = body();
            drop(run.finish(output));
        });
    }

    /// The same for a future.
    pub fn run_async(self, body: impl Future<Output = P::Output> + Send + 'static) {
        let Claim { lead, entry, .. } = self;
        let body = async move {
            let _entry = entry;
            body.await
        };
        background::spawn(async move { drop(lead.run_async::<P, _>(body).await) });
    }
}
