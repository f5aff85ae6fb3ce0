//! Helpers for tokens.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident};

/// The span of everything that we introduce, so that our locals never clash with the user's.
pub(crate) fn our_span() -> Span {
    Span::mixed_site()
}

/// *Input:* tokens with interpolations, as for `quote!`. *Output:* the same, with [`our_span`] on each token of ours.
macro_rules! ours {
    ($($tokens:tt)*) => { ::quote::quote_spanned!($crate::kit::our_span() => $($tokens)*) };
}
pub(crate) use ours;

/// *Input:* `Site`, and the arguments of its constructor. *Output:*
/// `{ static FESTOON_SITE: Site = Site::new(..); &FESTOON_SITE }`: one per function, in a block that does not contain the
/// body.
pub(crate) fn static_site(site_type: &TokenStream, arguments: &TokenStream) -> TokenStream {
    ours!({ static FESTOON_SITE: #site_type = #site_type::new(#arguments); &FESTOON_SITE })
}

/// Our own local with that name.
pub(crate) fn local(name: &str) -> Ident {
    Ident::new(name, our_span())
}

/// Our own numbered local.
pub(crate) fn numbered(name: &str, index: usize) -> Ident {
    format_ident!("{name}{index}", span = our_span())
}

/// The user's span with our hygiene: diagnostics point at it, and lints for hand-written code stay quiet.
pub(crate) fn ours_at(span: Span) -> Span {
    our_span().located_at(span)
}

/// Gives our tokens a span of the user's; their meaning stays the same.
pub(crate) fn located_at(tokens: TokenStream, span: Span) -> TokenStream {
    let locate = |mut token: TokenTree| {
        token.set_span(token.span().located_at(span));
        token
    };
    tokens.into_iter().map(locate).collect()
}

/// *Input:* `Vec < Option < & str > >`. *Output:* `Vec<Option<&str>>`, as usually written.
pub(crate) fn text(tokens: &impl ToTokens) -> String {
    const TIGHT: &[(&str, &str)] = &[
        (" :: ", "::"),
        (":: ", "::"),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ,", ","),
        (" ;", ";"),
        (" :", ":"),
        ("! (", "!("),
        ("& ", "&"),
        ("[ ", "["),
        (" ]", "]"),
        ("( ", "("),
        (" )", ")"),
    ];
    let text = tokens.to_token_stream().to_string();
    TIGHT.iter().fold(text, |text, (loose, tight)| text.replace(loose, tight))
}

/// Is this one punctuation mark?
pub(crate) fn is_punct(token: Option<&TokenTree>, mark: char) -> bool {
    matches!(token, Some(TokenTree::Punct(p)) if p.as_char() == mark)
}

/// The group with this delimiter, if the token is one.
pub(crate) fn group(token: Option<&TokenTree>, delimiter: Delimiter) -> Option<&Group> {
    match token {
        Some(TokenTree::Group(group)) if group.delimiter() == delimiter => Some(group),
        _ => None,
    }
}

/// *Input:* `#[a] /// doc` `fn f() {}`. *Output:* how many of the tokens are outer attributes.
pub(crate) fn attributes_end(tokens: &[TokenTree]) -> usize {
    let mut end = 0;
    while is_attribute(tokens.get(end), tokens.get(end + 1)) {
        end += 2;
    }
    end
}

/// `#` `[..]`
pub(crate) fn is_attribute(mark: Option<&TokenTree>, body: Option<&TokenTree>) -> bool {
    is_punct(mark, '#') && group(body, Delimiter::Bracket).is_some()
}

/// Looks through the invisible groups that `macro_rules!` fragments leave behind.
pub(crate) fn transparent(tokens: TokenStream) -> TokenStream {
    let mut iter = tokens.clone().into_iter();
    match (iter.next(), iter.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::None => transparent(group.stream()),
        _ => tokens,
    }
}
