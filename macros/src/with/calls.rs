//! Macros in the block of `with!`: the ways out of them.

use proc_macro2::{TokenStream, TokenTree};
use syn::Macro;

use super::input::With;
use super::walk::{Ways, walked, walked_block};
use super::{label, path, returns};
use crate::kit::{find_in_tree, has_word, is_punct, ours};

/// Macros whose own tokens await.
const AWAITING: &[&str] = &["join", "try_join", "select", "select_biased"];

/// The last segment of its path.
pub(super) fn name(call: &Macro) -> String {
    call.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default()
}

/// *Output:* the replacement of the call, if it becomes another expression; the arguments of other calls are changed in
/// place.
pub(super) fn rewritten(call: &mut Macro, ways: &mut Ways) -> Option<TokenStream> {
    let name = name(call);
    ways.awaits |= AWAITING.contains(&name.as_str()) || has_word(&call.tokens, &["await"]);
    match name.as_str() {
        "with" => return nested(call, ways),
        "bail" => return Some(bailed(call, ways)),
        "ensure" => return Some(ensured(call, ways)),
        "try" => ways.errors.at(&call.path, "`with!` cannot see through `try!`: write `?`"),
        _ => arguments(call, ways),
    }
    None
}

/// A separate block, whose ways out are ours too.
fn nested(call: &Macro, ways: &mut Ways) -> Option<TokenStream> {
    let with = ways.errors.take(syn::parse2::<With>(call.tokens.clone()))?;
    let block = with.expand(ways.depth + 1, ways.errors);
    if block.is_empty() { None } else { walked_block(block, ways) }
}

/// *Input:* `bail!("no")`. *Output:* `match returns.checked(|| -> Result<Infallible, _> { bail!("no") }) { Ok(never) =>
/// match never {}, Err(error) => break 'festoon_with0 Flow::Return(Err(error)) }`: its `return` is the closure's.
fn bailed(call: &Macro, ways: &mut Ways) -> TokenStream {
    let never = ours!(::core::convert::Infallible);
    checked(call, ways, &never, &ours!(#call))
}

/// The same for `ensure!`, which may also do nothing.
fn ensured(call: &Macro, ways: &mut Ways) -> TokenStream {
    checked(call, ways, &ours!(()), &ours!(#call; ::core::result::Result::Ok(())))
}

fn checked(call: &Macro, ways: &mut Ways, ok: &TokenStream, body: &TokenStream) -> TokenStream {
    if has_word(&call.tokens, &["await"]) {
        ways.errors.at(&call.path, "`with!` cannot await in this macro: bind the value with a `let` before it");
    }
    ways.is_left = true;
    let returns = returns(ways.depth);
    let done = if name(call) == "bail" { ours!(match value {}) } else { ours!(value) };
    let (path, label, result) = (path(ways.krate), label(ways.depth), ours!(::core::result::Result));
    ours! {
        match #returns.checked(|| -> #result<#ok, _> { #body }) {
            #result::Ok(value) => #done,
            #result::Err(error) => break #label #path::Flow::Return(#result::Err(error)),
        }
    }
}

/// Arguments that are expressions. A macro that takes other tokens, with a way out among them, is rejected.
fn arguments(call: &mut Macro, ways: &mut Ways) {
    if !leads_out(&call.tokens) {
        return;
    }
    let mut tokens = TokenStream::new();
    let mut argument = TokenStream::new();
    for token in call.tokens.clone() {
        if matches!(&token, TokenTree::Punct(mark) if matches!(mark.as_char(), ',' | ';')) {
            tokens.extend(self::argument(core::mem::take(&mut argument), ways));
            tokens.extend([token]);
        } else {
            argument.extend([token]);
        }
    }
    tokens.extend(self::argument(argument, ways));
    call.tokens = tokens;
}

fn argument(tokens: TokenStream, ways: &mut Ways) -> TokenStream {
    if !leads_out(&tokens) {
        return tokens;
    }
    if let Some(walked) = walked(tokens.clone(), ways) {
        return walked;
    }
    let message = "`with!` cannot find the way out of this macro: bind the value with a `let` before it, or move the macro \
                   to a function";
    ways.errors.at(&tokens, message);
    tokens
}

/// Is there a `return`, `break`, `continue`, a `?` after a value, or a macro that contains one?
fn leads_out(tokens: &TokenStream) -> bool {
    let ends_value = |token: &TokenTree| !matches!(token, TokenTree::Punct(mark) if mark.as_char() != '?');
    let tries = |tokens: &[TokenTree]| (ends_value(&tokens[0]) && is_punct(tokens.get(1), '?')).then_some(());
    has_word(tokens, &["return", "break", "continue", "with", "bail", "ensure"])
        || find_in_tree(tokens, &tries).is_some()
}
