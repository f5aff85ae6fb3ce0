//! Values that are recomputed in the background, while the old value is still being returned.

use std::marker::PhantomData;

use crate::cached::core::Core;
use crate::cached::flight::call::{Found, Leader, Miss};
use crate::cached::key::{KeyPart, LookupKey};
use crate::cached::store::Types;
use crate::cached::value::entry::Entry;
use crate::cached::value::policy::Policy;

/// The result of a lookup.
pub enum Refreshed<P: Policy, C: Types> {
    /// What the call returns.
    Hit(P::Output),
    /// The same, and this call has to refresh the value.
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

/// The right to recompute a value. If it is dropped without a new value, a later call can claim it.
pub struct Claim<P, C: Types> {
    lead: Leader<C>,
    entry: Disclaims<C::Entry>,
    policy: PhantomData<fn(P)>,
}

/// Released however the refresh ends; an entry that has been replaced is not affected.
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
    /// The body, to be run once in the background.
    pub(crate) fn job(self, body: impl FnOnce() -> P::Output + Send + 'static) -> impl FnOnce() + Send + 'static {
        let Claim { lead, entry, .. } = self;
        // Before the flight is over, so that a call that has seen its end can claim the refresh.
        let body = move || {
            let _entry = entry;
            body()
        };
        move || {
            let run = lead.enter_once::<P>();
            let output = body();
            drop(run.finish(output));
        }
    }

    /// The same for a future.
    pub(crate) fn task(
        self,
        body: impl Future<Output = P::Output> + Send + 'static,
    ) -> impl Future<Output = ()> + Send + 'static {
        let Claim { lead, entry, .. } = self;
        let body = async move {
            let _entry = entry;
            body.await
        };
        async move { drop(lead.run_async::<P, _>(body).await) }
    }
}
