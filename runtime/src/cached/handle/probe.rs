//! How a handle queries a function about one call.
//!
//! Only the function knows how its arguments make a key, and a handle knows only the function: a path may belong to
//! several functions, and a function cannot name its own type. So the handle calls the function, and the first thing
//! that the function does, before its body and every other layer, is to check for a query. It answers with its own
//! arguments, and leaves: it returns a value if there is one. Otherwise, an async function never becomes ready, so that
//! the handle drops its future, and a sync function unwinds to the handle. No panic hook runs, since it is not a panic.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use crate::cached::core::{Core, Role, typed};
use crate::cached::handle::forgets::Forget;
use crate::cached::handle::overrides::{OverrideGuard, is_open};
use crate::cached::handle::registry;
use crate::cached::handle::tiers::AnyCore;
use crate::cached::key::within::Within;
use crate::cached::key::{AnyKey, ErasedQuery};
use crate::cached::scope::Scope;
use crate::cached::store::Types;
use crate::cached::value::entry::AnyValue;
use crate::cached::value::rules::ErasedRules;
use crate::site::function_name;

/// The query.
pub(in crate::cached) enum Ask {
    /// The cached value.
    Value,
    /// Invalidate it. Was there one?
    Invalidate,
    /// A way to invalidate it later.
    Forget,
    /// Store this value, which has the function's return type.
    Insert(Box<dyn Any>),
}

/// The function's answer.
pub(in crate::cached) enum Answer<R> {
    Value(R),
    Was(bool),
    Forget(Forget),
    Nothing,
    /// The query did not reach a cached function.
    Unreached,
}

/// The query that a function finds when a handle calls it.
struct Probe {
    function: String,
    /// The handle's function type.
    id: TypeId,
    /// Until the function has taken it.
    ask: Option<Ask>,
    reply: Reply,
}

enum Reply {
    Nothing,
    Was(bool),
    Forget(Forget),
}

thread_local! {
    static PROBE: RefCell<Option<Probe>> = const { RefCell::new(None) };
}

/// The payload with which a function unwinds after it has answered.
struct Left;

/// Can a sync function leave without a value?
pub(in crate::cached) const CAN_LEAVE: bool = cfg!(panic = "unwind");

/// Calls a function with a query. `call` returns its return value, if there is one.
#[cold]
pub(in crate::cached) fn ask<R>(function: &str, id: TypeId, ask: Ask, call: impl FnOnce() -> Option<R>) -> Answer<R> {
    let _guard = OverrideGuard::new();
    // Also if the user's `Clone` makes the query.
    let _outside = Within::leave();
    let probe = Probe { function: function.to_owned(), id, ask: Some(ask), reply: Reply::Nothing };
    let before = PROBE.replace(Some(probe));
    let called = catch_unwind(AssertUnwindSafe(call));
    let probe = PROBE.replace(before);
    let was_reached = probe.as_ref().is_some_and(|probe| probe.ask.is_none());
    let returned = match called {
        Ok(returned) => returned,
        Err(payload) if payload.is::<Left>() => None,
        Err(payload) => resume_unwind(payload),
    };
    match (returned, probe.map(|probe| probe.reply)) {
        _ if !was_reached => Answer::Unreached,
        (_, Some(Reply::Was(was))) => Answer::Was(was),
        (_, Some(Reply::Forget(forget))) => Answer::Forget(forget),
        (Some(value), _) => Answer::Value(value),
        (None, _) => Answer::Nothing,
    }
}

/// Is the function that contains this closure being queried? If so, it skips the layers above the cache.
#[inline]
#[must_use]
pub fn is_asked<T>(_: &T) -> bool {
    is_open() && is_waiting(function_name::<T>())
}

#[cold]
fn is_waiting(function: &str) -> bool {
    let is_for = |probe: &Probe| probe.ask.is_some() && probe.function == function;
    PROBE.try_with(|probe| probe.borrow().as_ref().is_some_and(is_for)).unwrap_or(false)
}

/// While the thread ends, when a function has no cache to answer from.
pub(in crate::cached) fn is_for(function: &str) -> bool {
    take_ask(function).is_some()
}

/// Returns to the handle.
pub(in crate::cached) fn leave() -> ! {
    if CAN_LEAVE {
        resume_unwind(Box::new(Left))
    }
    panic!("festoon: with `panic = \"abort\"`, a value that a function does not keep cannot be inserted")
}

/// The query for the function of that name, and the handle's function type.
fn take_ask(name: &str) -> Option<(Ask, TypeId)> {
    let take = |probe: &mut Option<Probe>| {
        let probe = probe.as_mut().filter(|probe| probe.function == name)?;
        Some((probe.ask.take()?, probe.id))
    };
    PROBE.try_with(|probe| take(&mut probe.borrow_mut())).ok().flatten()
}

fn reply(reply: Reply) {
    PROBE.with_borrow_mut(|probe| {
        if let Some(probe) = probe {
            probe.reply = reply;
        }
    });
}

/// The answer of a function, if this call is a query.
#[cold]
pub(in crate::cached) fn answer<S, C>(
    scope: S,
    core: &Arc<Core<C>>,
    rules: &dyn ErasedRules<C::Value>,
    query: &dyn ErasedQuery,
) -> Option<Role<C>>
where
    S: Scope<C>,
    C: Types,
{
    let (ask, function) = take_ask(core.common().name)?;
    let value = answered(&**core, &Asked { scope, core, rules }, ask, function, query);
    Some(value.map_or(Role::Answered, |value| Role::Value(typed(&value))))
}

/// The part of an answer that depends on types.
trait Answers {
    /// A way to invalidate a value later.
    fn forget(&self, hash: u64, key: AnyKey) -> Forget;
    /// Stores a function's output, if it is to be stored, and returns what was stored.
    fn insert(&self, hash: u64, key: AnyKey, output: &dyn Any) -> Option<AnyValue>;
}

struct Asked<'a, S, C: Types> {
    scope: S,
    core: &'a Arc<Core<C>>,
    rules: &'a dyn ErasedRules<C::Value>,
}

impl<S: Scope<C>, C: Types> Answers for Asked<'_, S, C> {
    fn forget(&self, hash: u64, key: AnyKey) -> Forget {
        self.scope.forget(self.core, hash, key)
    }

    fn insert(&self, hash: u64, key: AnyKey, output: &dyn Any) -> Option<AnyValue> {
        let (value, is_error) = self.rules.keep(output)?;
        self.core.insert_everywhere(hash, key, value, is_error)
    }
}

/// The value that the function returns, if there is one.
fn answered(
    core: &dyn AnyCore,
    answers: &dyn Answers,
    ask: Ask,
    function: TypeId,
    query: &dyn ErasedQuery,
) -> Option<AnyValue> {
    if let Some(row) = core.common().row.get() {
        registry::has_answered(function, row);
    }
    let (hash, key) = (core.common().hash(query), query.own());
    match ask {
        Ask::Value => return core.peek_everywhere(hash, &key),
        Ask::Invalidate => reply(Reply::Was(core.invalidate_everywhere(hash, &key))),
        Ask::Forget => reply(Reply::Forget(answers.forget(hash, key))),
        Ask::Insert(output) => return answers.insert(hash, key, &*output).filter(|_| !CAN_LEAVE),
    }
    None
}
