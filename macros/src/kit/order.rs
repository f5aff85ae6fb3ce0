//! Stacks that defeat themselves: a decorator that has no effect because of another one below it.

use proc_macro2::{Ident, TokenStream};
use quote::quote_spanned;

use super::tokens::{ours_at, site};

/// The upper decorator, the lower one, and the consequence.
const DEFEATED: &[(&str, &str, &str)] = &[
    ("retry", "fallback", "never sees a failure and never retries"),
    ("circuit_breaker", "fallback", "never sees a failure and never opens"),
    ("hedge", "fallback", "takes whichever call ends first, even if it failed"),
    ("rate_limit", "cached", "also counts the calls that the cache answers"),
];

/// *Input:* the names of a stack, from the top. *Output:* a warning for each pair in the wrong order, as far as stable
/// Rust allows: the use of a deprecated constant.
pub(super) fn warnings(names: &[&Ident]) -> TokenStream {
    let pairs =
        names.iter().enumerate().flat_map(|(at, above)| names[at + 1..].iter().map(move |below| (above, below)));
    pairs.filter_map(|(above, below)| warning(above, below)).collect()
}

fn warning(above: &Ident, below: &Ident) -> Option<TokenStream> {
    let is_it = |(up, down, _): &&(&str, &str, &str)| above == up && below == down;
    let (up, down, what) = DEFEATED.iter().find(is_it)?;
    let note = format!("`#[{up}]` is above `#[{down}]`, so it {what}: write `#[{down}]` first, and `#[{up}]` below it");
    let used = quote_spanned!(ours_at(above.span()) => this_order_defeats_itself);
    Some(quote_spanned!(site() => {
        #[deprecated(note = #note)]
        #[allow(non_upper_case_globals, clippy::restriction)]
        const this_order_defeats_itself: () = ();
        #used
    }))
}
