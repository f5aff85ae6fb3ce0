//! Stacks that defeat themselves: a decorator that has no effect because of another one below it, and a span that is
//! opened more or less often than it looks.

use proc_macro2::{Ident, TokenStream};

use super::Errors;
use super::patterns::mentions;
use super::tokens::{local, ours, ours_at};

/// The upper decorator, the lower one, and the consequence.
const DEFEATED: &[(&str, &str, &str)] = &[
    ("retry", "fallback", "never sees a failure and never retries"),
    ("circuit_breaker", "fallback", "never sees a failure and never opens"),
    ("hedge", "fallback", "takes whichever call ends first, even if it failed"),
    ("rate_limit", "cached", "also counts the calls that the cache answers"),
];

/// The upper decorator, the lower one, and why they cannot be in this order.
const IMPOSSIBLE: &[(&str, &str, &str)] =
    &[("interned", "cached", "stores what the body evaluates to, whose type is not known")];

/// What cannot be below a layer that runs it in another process, and why.
const ISOLATED: &[(&str, &str)] = &[
    ("cached", "would have a cache of its own in each worker process, out of reach of `cache()` and `#[invalidates]`"),
    ("invalidates", "would only invalidate the caches of its worker process"),
];

/// When a span inside a decorator is opened.
const INSTRUMENTED: &[(&str, &str)] =
    &[("retry", "for each attempt"), ("cached", "only for a miss"), ("hedge", "for each of the two calls")];

/// Is `#[tracing::instrument]` above this decorator, so that it has already run, and does that make a difference?
pub(super) fn is_instrumented_above(name: &Ident, item: &TokenStream) -> bool {
    INSTRUMENTED.iter().any(|(it, _)| name == it) && mentions(item, &local("__tracing_attr_span"))
}

/// Are two decorators of a stack in an order that is impossible?
pub(super) fn refuse(names: &[&Ident], errors: &mut Errors) -> bool {
    let pairs = pairs(names).filter_map(|(above, below)| find(IMPOSSIBLE, above, below).map(|why| (above, below, why)));
    let mut found = false;
    for (above, below, why) in pairs {
        errors.at(
            below,
            format!("`#[{below}]` below `#[{above}]` {why}: write `#[{below}]` first, and `#[{above}]` below it"),
        );
        found = true;
    }
    found
}

/// Is there a decorator among these, which run in another process, that makes no sense there?
pub(super) fn refuse_isolated(by: &str, names: &[&Ident], errors: &mut Errors) -> bool {
    let known = |name: &&Ident| ISOLATED.iter().find(|(it, _)| *name == it).map(|(_, why)| *why);
    let found: Vec<_> = names.iter().filter_map(|name| Some((name, known(name)?))).collect();
    for (name, why) in &found {
        errors.at(name, format!("`#[{name}]` below `#[offload({by})]` {why}: write it above"));
    }
    !found.is_empty()
}

/// Each decorator of a stack, with each one below it.
fn pairs<'n>(names: &'n [&'n Ident]) -> impl Iterator<Item = (&'n Ident, &'n Ident)> {
    names.iter().enumerate().flat_map(|(at, above)| names[at + 1..].iter().map(move |below| (*above, *below)))
}

fn find(table: &'static [(&str, &str, &str)], above: &Ident, below: &Ident) -> Option<&'static str> {
    table.iter().find(|(up, down, _)| above == up && below == down).map(|(_, _, what)| *what)
}

/// *Input:* the names of a stack, from the top, and those below an `#[instrument]`. *Output:* a warning for each pair
/// in the wrong order and for each of those, as far as stable Rust allows: the use of a deprecated constant.
pub(super) fn warnings(names: &[&Ident], instrumented: &[&Ident]) -> TokenStream {
    let order = pairs(names).filter_map(|(above, below)| warning(above, below));
    order.chain(instrumented.iter().filter_map(|name| inside(name))).collect()
}

fn warning(above: &Ident, below: &Ident) -> Option<TokenStream> {
    let what = find(DEFEATED, above, below)?;
    let note = format!(
        "`#[{above}]` is above `#[{below}]`, so it {what}: write `#[{below}]` first, and `#[{above}]` below it"
    );
    Some(deprecated("this_order_defeats_itself", &note, above))
}

fn inside(name: &Ident) -> Option<TokenStream> {
    let (_, when) = INSTRUMENTED.iter().find(|(it, _)| name == it)?;
    let note = format!(
        "`#[instrument]` is expanded first and ends up inside `#[{name}]`, so it opens a span {when}: write \
         `#[timed(span)]` above `#[{name}]` for a single span, or `#[instrument]` below it if this is intended"
    );
    Some(deprecated("this_span_is_inside", &note, name))
}

/// *Output:* the use of a constant of this name, which is deprecated with this note.
fn deprecated(name: &str, note: &str, at: &Ident) -> TokenStream {
    let (constant, used) = (local(name), Ident::new(name, ours_at(at.span())));
    ours!({
        #[deprecated(note = #note)]
        // The name is a part of the message.
        #[allow(non_upper_case_globals, clippy::restriction)]
        const #constant: () = ();
        #used
    })
}
