//! A call whose values are also kept outside of the process. If its value is not in this process's memory, it looks in
//! the store; of all calls of a process for one key, only one does.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use super::backend::{Caller, How};
use super::codec::Stored;
use super::error::StoreError;
use super::store::Shared;
use super::tier::{self, Link, Place};
use crate::cached::core::{Core, Role};
use crate::cached::flight::call::{Found, Leader, Miss};
use crate::cached::handle::{overrides, probe};
use crate::cached::key::within::{Within, is_within, within};
use crate::cached::key::{KeyPart, LookupKey};
use crate::cached::lookup::Id;
use crate::cached::scope::process::{CacheSite, listed};
use crate::cached::scope::{Missed, test};
use crate::cached::stats::Stats;
use crate::cached::store::{Engine, Of, Types};
use crate::cached::value::policy::Policy;
use crate::cached::value::rules::{Plan, Rules};
use crate::sync::block_on;

/// The result of a lookup in this process's memory.
pub enum FoundRemote<P: Policy, C: Types> {
    /// What the call returns.
    Hit(P::Output),
    /// The store may have it.
    Miss(MissRemote<P, C>),
}

/// A call that did not find its value in this process's memory.
pub struct MissRemote<P, C: Types> {
    miss: Miss<P, C>,
    core: Arc<Core<C>>,
    /// `None` for a call from the `Hash`, `Eq` or `Clone` of a key or value: the body runs.
    key: Option<C::Key>,
    /// The body runs even if the store has the value.
    anew: bool,
}

/// Looks a call up, like [`look_up`](crate::cached::look_up), for a cache that also has a store.
#[inline]
#[allow(clippy::needless_pass_by_value, reason = "the parts end with the lookup: the body owns the arguments")]
pub fn look_up_remote<P, G, Q>(
    site: &'static CacheSite,
    id: Id<Of<G, Q::Owned, P::Value>>,
    rules: Rules<P>,
    _: G,
    query: LookupKey<Q>,
    shared: fn() -> Shared,
) -> FoundRemote<P, Of<G, Q::Owned, P::Value>>
where
    P: Policy<Value: Stored>,
    G: Engine,
    Q: KeyPart<Owned: Stored>,
    Core<Of<G, Q::Owned, P::Value>>: Send + Sync,
{
    let core = test::site(site).find(id, &|| make(site, id, &rules, shared));
    if query.may_recur && is_within() {
        return FoundRemote::recurring(core);
    }
    let _within = query.may_recur.then(Within::enter);
    let mut anew = false;
    if overrides::is_open() {
        if let Some(role) = probe::answer(site, &core, &rules, &query) {
            return FoundRemote::new(core, Found::new(role), &query.parts, false);
        }
        anew = overrides::takes_refresh(core.common().name);
    }
    let hash = core.hash(&query.parts);
    let role = match core.hit(hash, &query.parts).filter(|_| !anew) {
        Some(value) => return FoundRemote::Hit(P::output(value)),
        None if anew => Role::Lead(core.begin_anew(&query)),
        None => Arc::clone(&core).begin(Missed::of(hash), &query),
    };
    FoundRemote::new(core, Found::new(role), &query.parts, anew)
}

/// A cache with a store outside of the process. It is never freed.
fn make<P, C>(site: &'static CacheSite, id: Id<C>, rules: &Rules<P>, shared: fn() -> Shared) -> Arc<Core<C>>
where
    C: Types<Key: Stored, Value: Stored>,
    P: Policy<Value = C::Value>,
    Core<C>: Send + Sync,
{
    let (name, stats) = (id.name(), Stats::leaked());
    let link = Link::new(shared(), site, name, stats);
    let core = listed(Core::new(Plan::new(site.settings, rules), name, stats, Some(link)), site.place);
    let follower: &'static Arc<Core<C>> = Box::leak(Box::new(Arc::clone(&core)));
    link_of(&core).follow(&**follower);
    core
}

impl<P: Policy, C: Types> FoundRemote<P, C> {
    fn new<Q: KeyPart<Owned = C::Key>>(core: Arc<Core<C>>, found: Found<P, C>, parts: &Q, anew: bool) -> Self {
        match found {
            Found::Hit(output) => FoundRemote::Hit(output),
            Found::Miss(miss) => FoundRemote::Miss(MissRemote { miss, key: Some(parts.own()), anew, core }),
        }
    }

    #[cold]
    fn recurring(core: Arc<Core<C>>) -> Self
    where
        P: Policy<Value = C::Value>,
    {
        match Found::new(Role::Lead(Leader::alone(Arc::clone(&core)))) {
            Found::Hit(output) => FoundRemote::Hit(output),
            Found::Miss(miss) => FoundRemote::Miss(MissRemote { miss, key: None, anew: false, core }),
        }
    }
}

/// The result for the call that queries the store for its process.
enum RemoteLookup<C: Types> {
    Value(C::Value),
    /// It runs the body, and writes the value to the store, if it may.
    Run(Leader<C>, Option<Place>),
    /// The store has failed.
    Failed(Leader<C>, StoreError),
}

impl<C: Types, P: Policy<Value = C::Value>> MissRemote<P, C> {
    /// Runs the body, unless a value is cached somewhere. `fallen` returns the result of a call whose store failed; if
    /// it returns nothing, the body runs.
    pub fn run_remote(
        self,
        fallen: fn(StoreError) -> Option<P::Output>,
        body: impl FnOnce() -> P::Output,
    ) -> P::Output {
        let MissRemote { miss, core, key, anew } = self;
        let Some(key) = key else { return body() };
        let cache = &*core;
        let lead = match miss.wait() {
            Ok(value) => return P::output(value),
            Err(lead) => lead,
        };
        let mut caller = link_of(cache).caller(How::Blocking);
        let (lead, place) = match block_on(look(cache, &mut caller, lead, &key, anew)) {
            RemoteLookup::Value(value) => return P::output(value),
            RemoteLookup::Run(lead, place) => (lead, place),
            RemoteLookup::Failed(lead, error) => match fallen(error) {
                Some(output) => return output,
                None => (lead, None),
            },
        };
        cache.common().stats.miss();
        let run = lead.enter_once::<P>();
        let output = body();
        let lead = run.leave();
        let outdated = block_on(keep::<P, C>(cache, &mut caller, place, &output));
        finish::<P, C>(lead, outdated, output)
    }

    /// The same for a future, which is polled only if it has to be.
    pub async fn run_remote_async<F: Future<Output = P::Output>>(
        self,
        fallen: fn(StoreError) -> Option<P::Output>,
        body: F,
    ) -> P::Output {
        let MissRemote { miss, core, key, anew } = self;
        let Some(key) = key else { return body.await };
        let cache = &*core;
        let lead = match miss.wait_async().await {
            Ok(value) => return P::output(value),
            Err(lead) => lead,
        };
        let mut caller = link_of(cache).caller(How::Awaiting);
        let (lead, place) = match AssertUnwindSafe(look(cache, &mut caller, lead, &key, anew)).await {
            RemoteLookup::Value(value) => return P::output(value),
            RemoteLookup::Run(lead, place) => (lead, place),
            RemoteLookup::Failed(lead, error) => match fallen(error) {
                Some(output) => return output,
                None => (lead, None),
            },
        };
        cache.common().stats.miss();
        let output = lead.attend(body).await;
        let outdated = AssertUnwindSafe(keep::<P, C>(cache, &mut caller, place, &output)).await;
        finish::<P, C>(lead, outdated, output)
    }
}

impl<C: Types, P: Policy<Value = C::Value>> MissRemote<P, C> {
    /// For a call that was only a query: returns to the handle.
    pub fn leave(self) -> ! {
        self.miss.leave()
    }

    /// The same for a future.
    pub async fn leave_async(self) -> Infallible {
        self.miss.leave_async().await
    }
}

async fn look<C: Types>(
    cache: &Core<C>,
    caller: &mut Caller,
    lead: Leader<C>,
    key: &C::Key,
    anew: bool,
) -> RemoteLookup<C> {
    let link = link_of(cache);
    if anew {
        return RemoteLookup::Run(lead, link.or_failed(link.seize(caller, key).await));
    }
    match link.ask(caller, key).await {
        Ok(tier::Lookup::Found(value, longest)) => {
            cache.count_hit();
            lead.complete(within(|| value.clone()), longest);
            RemoteLookup::Value(value)
        }
        Ok(tier::Lookup::Run(place)) => RemoteLookup::Run(lead, place),
        Err(error) => {
            link.failed(&error);
            RemoteLookup::Failed(lead, error)
        }
    }
}

/// Writes the value of a run, if it may. This is still part of the run, so that calls in the meantime wait for its
/// value; otherwise the body would run for each of them until the store has it. An unused lease is returned; a lost
/// lease means that the value is stale, and it is returned without being written. A value that is not to be stored
/// removes the older one.
async fn keep<P, C>(cache: &Core<C>, caller: &mut Caller, place: Option<Place>, output: &P::Output) -> Option<C::Value>
where
    C: Types,
    P: Policy<Value = C::Value>,
{
    let (place, link) = (place?, link_of(cache));
    let Some(value) = within(|| P::keep(output)).filter(|value| cache.plan().keeps(value)) else {
        if !P::is_error(output) {
            link.or_failed(link.discard(caller, place).await);
        }
        return None;
    };
    let ttl = cache.life_elsewhere(&value);
    let kept = link.or_failed(link.keep(caller, place, &value, ttl).await);
    (kept == Some(false)).then_some(value)
}

/// The end of a run.
fn finish<P, C>(lead: Leader<C>, outdated: Option<C::Value>, output: P::Output) -> P::Output
where
    C: Types,
    P: Policy<Value = C::Value>,
{
    match outdated {
        Some(value) => {
            lead.finish_without_keeping(value);
            output
        }
        None => lead.finish::<P>(output),
    }
}

fn link_of<C: Types>(cache: &Core<C>) -> &Link<C::Key, C::Value> {
    cache.link().unwrap_or_else(|| unreachable!("`look_up_remote` makes no cache without one"))
}
