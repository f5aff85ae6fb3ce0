//! The lookup: what every call of a cached function does first.

use std::any::{TypeId, type_name};
use std::marker::PhantomData;
use std::sync::Arc;

use crate::cached::core::{Core, Role};
use crate::cached::flight::call::{Found, Leader};
use crate::cached::flight::refresh::{self, Refreshed};
use crate::cached::handle::{overrides, probe};
use crate::cached::key::within::{Within, is_within};
use crate::cached::key::{ErasedQuery, KeyPart, LookupKey};
use crate::cached::scope::process::CacheSite;
use crate::cached::scope::{Missed, Scope};
use crate::cached::store::{Engine, Of, Types};
use crate::cached::value::policy::Policy;
use crate::cached::value::rules::{ErasedRules, Rules};
use crate::cached::value::settings::Settings;
use crate::site::function_of;

/// One instantiation of a function, and the types of its cache.
///
/// A static in a generic function is shared by all its instantiations, and an attribute on a method cannot see the
/// generics of its `impl`. But a closure in the function has a different type in each instantiation.
pub struct Id<C> {
    /// Combines the closure's type and `C`, so that it determines both, except for lifetimes in the closure's type.
    pub(in crate::cached) instantiation: TypeId,
    closure: fn() -> &'static str,
    types: PhantomData<fn(C)>,
}

impl<C> Clone for Id<C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for Id<C> {}

impl<C: 'static> Id<C> {
    /// The id of the instantiation that contains this closure.
    #[inline]
    #[must_use]
    pub fn of<T>(_: &T) -> Self {
        Id { instantiation: typeid::of::<(PhantomData<T>, C)>(), closure: type_name::<T>, types: PhantomData }
    }

    /// The type name of the function.
    pub(in crate::cached) fn name(self) -> &'static str {
        function_of((self.closure)())
    }
}

/// Looks a call up.
#[inline]
#[allow(clippy::needless_pass_by_value, reason = "the parts end with the lookup: the body owns the arguments")]
pub fn look_up<S, P, G, Q>(
    scope: S,
    id: Id<Of<G, Q::Owned, P::Value>>,
    rules: Rules<P>,
    _: G,
    query: LookupKey<Q>,
) -> Found<P, Of<G, Q::Owned, P::Value>>
where
    S: Scope<Of<G, Q::Owned, P::Value>>,
    P: Policy,
    G: Engine,
    Q: KeyPart,
{
    // Reassembled where they are needed, so that a hit does not write them to memory.
    let Rules { ttl, keep_if, weigh } = rules;
    if query.may_recur && is_within() {
        return Found::new(recurs(scope, id, &Rules::<P> { ttl, keep_if, weigh }));
    }
    let _within = query.may_recur.then(Within::enter);
    match scope.hit(id, &query.parts) {
        Ok(value) => Found::Hit(P::output(value)),
        Err(missed) => Found::new(look_closely(scope, id, &Rules::<P> { ttl, keep_if, weigh }, &query, missed)),
    }
}

/// The first call, a miss, another instantiation, or a call that a handle or a test overrides.
#[cold]
#[inline(never)]
fn look_closely<S, C, Q>(
    scope: S,
    id: Id<C>,
    rules: &dyn ErasedRules<C::Value>,
    query: &LookupKey<Q>,
    missed: Missed,
) -> Role<C>
where
    S: Scope<C>,
    C: Types,
    Q: KeyPart<Owned = C::Key>,
{
    let Some(core) = scope.core(id, rules) else { return unkept(id, rules, query) };
    match overridden(scope, &core, rules, query) {
        Some(role) => role,
        None => core.begin(missed, query),
    }
}

/// A call from the `Hash`, `Eq` or `Clone` of a key or value: the body runs.
#[cold]
fn recurs<S, C>(scope: S, id: Id<C>, rules: &dyn ErasedRules<C::Value>) -> Role<C>
where
    S: Scope<C>,
    C: Types,
{
    let core = scope.core(id, rules).unwrap_or_else(|| Core::unlisted(rules.plan(Settings::NONE), id.name()));
    Role::Lead(Leader::alone(core))
}

/// While the thread ends: the body runs.
#[cold]
fn unkept<C: Types>(id: Id<C>, rules: &dyn ErasedRules<C::Value>, query: &dyn ErasedQuery) -> Role<C> {
    if overrides::is_open() && probe::is_for(id.name()) {
        return Role::Answered;
    }
    Role::Lead(Core::unlisted(rules.plan(Settings::NONE), id.name()).begin_anew(query))
}

/// A handle's override of this call.
fn overridden<S, C>(
    scope: S,
    core: &Arc<Core<C>>,
    rules: &dyn ErasedRules<C::Value>,
    query: &dyn ErasedQuery,
) -> Option<Role<C>>
where
    S: Scope<C>,
    C: Types,
{
    if !overrides::is_open() {
        return None;
    }
    if let Some(role) = probe::answer(scope, core, rules, query) {
        return Some(role);
    }
    overrides::takes_refresh(core.common().name).then(|| Role::Lead(core.begin_anew(query)))
}

/// The same, if values are recomputed in the background.
#[allow(clippy::needless_pass_by_value, reason = "the parts end with the lookup: the body owns the arguments")]
pub fn look_up_refreshed<P, G, Q>(
    site: &'static CacheSite,
    id: Id<Of<G, Q::Owned, P::Value>>,
    rules: Rules<P>,
    _: G,
    query: LookupKey<Q>,
) -> Refreshed<P, Of<G, Q::Owned, P::Value>>
where
    &'static CacheSite: Scope<Of<G, Q::Owned, P::Value>>,
    P: Policy,
    G: Engine,
    Q: KeyPart,
{
    if query.may_recur && is_within() {
        return Refreshed::from(Found::new(recurs(site, id, &rules)));
    }
    let _within = query.may_recur.then(Within::enter);
    let Some(core) = site.core(id, &rules) else { return Refreshed::from(Found::new(unkept(id, &rules, &query))) };
    if let Some(role) = overridden(site, &core, &rules, &query) {
        return Refreshed::from(Found::new(role));
    }
    let hash = core.hash(&query.parts);
    match core.hit_or_claim(hash, &query.parts) {
        Some((value, None)) => Refreshed::Hit(P::output(value)),
        Some((value, Some(entry))) => refresh::claimed(&core, hash, &query, value, entry),
        None => Refreshed::from(Found::new(core.begin(Missed::of(hash), &query))),
    }
}
