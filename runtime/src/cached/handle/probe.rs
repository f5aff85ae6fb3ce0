//! What a handle asks of a function that this process has not called yet, but that may have values outside of it.
//!
//! Only the function itself can make its cache, so it is called, and the call ends at the look-up, where the answer is
//! known: with the value, or, where there is none to return, by unwinding to the handle, past all that stands above
//! `#[cached]`. No panic is told.
#![cfg_attr(not(any(feature = "redis", feature = "disk")), allow(dead_code))]

use std::cell::RefCell;
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::LazyLock;

use crate::cached::core::Instance;
use crate::cached::handle::overrides::Opens;
use crate::cached::store::Types;
use crate::cached::value::policy::Policy;
use crate::site::{function_of, without_generics};

/// A function whose values are kept outside of the process, known before its first call.
pub struct Elsewhere {
    inside: fn() -> &'static str,
    place: Place,
}

/// Where a function stands: its file, its line and its column.
pub(in crate::cached) type Place = (&'static str, u32, u32);

impl Elsewhere {
    /// By the type name of a function inside of it, and by where it stands.
    pub const fn new(inside: fn() -> &'static str, file: &'static str, line: u32, column: u32) -> Self {
        Elsewhere { inside, place: (file, line, column) }
    }
}

inventory::collect!(Elsewhere);

/// Does the function of that name keep its values outside of the process?
pub(in crate::cached) fn is_elsewhere(name: &str) -> bool {
    static NAMES: LazyLock<HashSet<String>> = LazyLock::new(|| {
        inventory::iter::<Elsewhere>.into_iter().map(|elsewhere| path((elsewhere.inside)())).collect()
    });
    !NAMES.is_empty() && NAMES.contains(&without_generics(name))
}

/// Where the functions of that name stand that keep their values outside of the process. Blocks, and macros that are called
/// twice, make several of one name.
#[cold]
pub(in crate::cached) fn places(name: &str) -> Vec<Place> {
    let name = without_generics(name);
    let all = inventory::iter::<Elsewhere>.into_iter();
    all.filter(|elsewhere| path((elsewhere.inside)()) == name).map(|elsewhere| elsewhere.place).collect()
}

/// *Input:* `shop::<impl shop::Shop<T>>::price::{{closure}}::inside`. *Output:* `shop::Shop::price`, as handles call it.
fn path(inside: &'static str) -> String {
    let function = function_of(inside.rsplit_once("::").map_or(inside, |(function, _)| function));
    let Some((_, implementation)) = function.split_once("<impl ") else { return without_generics(function) };
    let Some((of, method)) = implementation.rsplit_once(">::") else { return without_generics(function) };
    without_generics(&match of.split_once(" for ") {
        Some((of_trait, ty)) => format!("<{ty} as {of_trait}>::{method}"),
        None => format!("{of}::{method}"),
    })
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub(in crate::cached) enum Asks {
    /// Whether there is a value, and which.
    Value,
    /// How to forget it.
    Forget,
}

/// Forgets a value. Was there one?
pub(in crate::cached) type Forgets = Box<dyn FnOnce() -> bool + Send>;

/// What a question came to.
pub(in crate::cached) enum Answer<R> {
    Value(R),
    Forget(Forgets),
    Nothing,
}

struct Question {
    name: String,
    /// Until the function has heard it.
    asks: Option<Asks>,
    forget: Option<Forgets>,
}

thread_local! {
    static QUESTION: RefCell<Option<Question>> = const { RefCell::new(None) };
}

/// What such a call unwinds with.
struct Heard;

/// Calls the function of that name.
#[cold]
pub(in crate::cached) fn ask<R>(name: &str, asks: Asks, call: impl FnOnce() -> R) -> Answer<R> {
    if !cfg!(panic = "unwind") {
        return Answer::Nothing;
    }
    let _opens = Opens::new();
    let question = Question { name: name.to_owned(), asks: Some(asks), forget: None };
    let before = QUESTION.replace(Some(question));
    let called = catch_unwind(AssertUnwindSafe(call));
    let question = QUESTION.replace(before);
    let was_heard = question.as_ref().is_some_and(|question| question.asks.is_none());
    match called {
        Ok(value) if was_heard => Answer::Value(value),
        // Something above the cache has not called it.
        Ok(_) => Answer::Nothing,
        Err(payload) if payload.is::<Heard>() => {
            question.and_then(|question| question.forget).map_or(Answer::Nothing, Answer::Forget)
        }
        Err(payload) => resume_unwind(payload),
    }
}

/// The answer of a function that has made its cache, if this call is such a question: what the call returns. Else it
/// unwinds.
#[cold]
pub(in crate::cached) fn answer<P, C>(cache: &'static Instance<C>, key: impl FnOnce() -> C::Key) -> Option<P::Output>
where
    C: Types,
    P: Policy<Value = C::Value>,
    Instance<C>: Sync,
{
    let hear = |question: &mut Option<Question>| {
        question.as_mut().filter(|question| question.name == cache.name()).and_then(|question| question.asks.take())
    };
    let asks = QUESTION.try_with(|question| hear(&mut question.borrow_mut())).ok().flatten()?;
    let key = key();
    match asks {
        Asks::Value => {
            if let Some(value) = cache.peek_through(&key) {
                return Some(P::output(value));
            }
        }
        Asks::Forget => {
            let forget: Forgets = Box::new(move || cache.invalidate_through(&key));
            QUESTION.with_borrow_mut(|question| question.as_mut().map(|question| question.forget = Some(forget)));
        }
    }
    resume_unwind(Box::new(Heard))
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn paths_are_those_of_handles() {
        assert_eq!(path("shop::price::here"), "shop::price");
        assert_eq!(path("shop::{{closure}}::price::{{closure}}::here"), "shop::{{closure}}::price");
        assert_eq!(path("shop::<impl shop::Shop>::price::here"), "shop::Shop::price");
        assert_eq!(path("shop::<impl shop::Shop<T>>::price::{{closure}}::here"), "shop::Shop::price");
        assert_eq!(path("shop::<impl a::Prices for shop::Shop>::price::here"), "<shop::Shop as a::Prices>::price");
    }
}
