//! Stacks that defeat themselves: a decorator that sees nothing of what it is for, because of what stands below it.

use proc_macro2::{Ident, TokenStream};
use quote::quote_spanned;

use super::tokens::{ours_at, site};

/// What stands above, what stands below, and what comes of it.
const DEFEATED: &[(&str, &str, &str)] = &[
    ("retry", "fallback", "never sees a failure, and makes no second attempt"),
    ("circuit_breaker", "fallback", "never sees a failure, and never opens"),
    ("hedge", "fallback", "takes the first that ends, whether or not it has failed"),
    ("rate_limit", "cached", "counts the calls that the cache answers as well"),
];

/// *Input:* the names of a stack, from the top. *Output:* a warning for each pair that stands the wrong way round, as far as
/// there are any on stable: the use of a constant that is deprecated.
pub(super) fn warnings(names: &[&Ident]) -> TokenStream {
    let pairs =
        names.iter().enumerate().flat_map(|(at, above)| names[at + 1..].iter().map(move |below| (above, below)));
    pairs.filter_map(|(above, below)| warning(above, below)).collect()
}

fn warning(above: &Ident, below: &Ident) -> Option<TokenStream> {
    let is_it = |(up, down, _): &&(&str, &str, &str)| above == up && below == down;
    let (up, down, what) = DEFEATED.iter().find(is_it)?;
    let note =
        format!("`#[{up}]` stands above `#[{down}]` and {what}: write `#[{down}]` first, and `#[{up}]` below it");
    let used = quote_spanned!(ours_at(above.span()) => this_order_defeats_itself);
    Some(quote_spanned!(site() => {
        #[deprecated(note = #note)]
        #[allow(non_upper_case_globals, clippy::restriction)]
        const this_order_defeats_itself: () = ();
        #used
    }))
}
