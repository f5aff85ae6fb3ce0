//! A decorator on an `impl`, `trait` or inline `mod` is handed to each function in it. Bodies are passed over unread.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Signature, Token, Visibility};

use super::tokens::{attributes_end, group};

/// What an attribute was written on.
pub(crate) enum Target {
    Function,
    /// A trait method without a body, or a foreign function.
    Bodyless,
    /// `impl`, `trait` or inline `mod`.
    Block,
    /// Anything else, with the word that names it.
    Other(TokenStream),
}

/// *Input:* an item. *Output:* what it is; a broken function is still a function.
pub(crate) fn target(item: &TokenStream) -> Target {
    target_of.parse2(item.clone()).unwrap_or_else(|_| Target::Other(item.clone()))
}

fn target_of(input: ParseStream) -> syn::Result<Target> {
    input.call(Attribute::parse_outer)?;
    input.parse::<Visibility>()?;
    let keyword = keyword(input);
    let start = input.fork().parse::<TokenTree>().map(|token| token.to_token_stream()).unwrap_or_default();
    let rest: TokenStream = input.parse()?;
    let ends_in_block = group(rest.into_iter().last().as_ref(), Delimiter::Brace).is_some();
    Ok(match (keyword.as_deref(), ends_in_block) {
        (Some("fn"), true) => Target::Function,
        (Some("fn"), false) => Target::Bodyless,
        (Some("impl" | "trait" | "mod"), true) => Target::Block,
        _ => Target::Other(start),
    })
}

/// The word that says what kind of item stands here, past `const unsafe extern "C"` and the like.
fn keyword(input: ParseStream) -> Option<String> {
    let ahead = input.fork();
    let mut first = None;
    while let Ok(word) = ahead.call(Ident::parse_any) {
        let word = word.to_string();
        if matches!(word.as_str(), "fn" | "impl" | "trait" | "mod") {
            return Some(word);
        }
        first = first.or(Some(word.clone()));
        if !matches!(word.as_str(), "const" | "async" | "unsafe" | "safe" | "extern" | "default" | "auto") {
            break;
        }
        let _ = ahead.parse::<Option<syn::LitStr>>();
    }
    first
}

/// *Input:* `impl S { fn a() {} const fn b() {} }`. *Output:* the same with `attribute` on each function that can take it.
pub(crate) fn distribute(item: TokenStream, attribute: &TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = item.into_iter().collect();
    if let Some(TokenTree::Group(body)) = tokens.pop() {
        let mut inner = Group::new(body.delimiter(), members(body.stream(), attribute));
        inner.set_span(body.span());
        tokens.push(TokenTree::Group(inner));
    }
    tokens.into_iter().collect()
}

fn members(tokens: TokenStream, attribute: &TokenStream) -> TokenStream {
    let parser = |input: ParseStream| {
        let mut out = TokenStream::new();
        while !input.is_empty() {
            out.extend(member(input, attribute));
        }
        Ok(out)
    };
    parser.parse2(tokens.clone()).unwrap_or(tokens)
}

/// One item of a block, with the attribute where it belongs. What cannot be read is passed on as it is.
fn member(input: ParseStream, attribute: &TokenStream) -> TokenStream {
    let attrs = attributes(input);
    let item = item_tokens(input);
    let decorate = |item| {
        let ours = attrs.iter().take_while(|attr| is_from_block(attr)).count();
        let (before, after) = attrs.split_at(ours);
        quote!(#(#before)* #attribute #(#after)* #item)
    };
    match target(&item) {
        _ if attrs.iter().any(is_skip) => quote!(#(#attrs)* #item),
        Target::Function if takes_decorators(&attrs, &item) => decorate(item),
        Target::Block => {
            let inner = distribute(item, attribute);
            quote!(#(#attrs)* #inner)
        }
        _ => quote!(#(#attrs)* #item),
    }
}

fn attributes(input: ParseStream) -> Vec<Attribute> {
    let ahead = input.fork();
    match ahead.call(Attribute::parse_outer) {
        Ok(_) => input.call(Attribute::parse_outer).unwrap_or_default(),
        Err(_) => Vec::new(),
    }
}

/// `const fn` cannot run our code, and a test is not called by anybody.
fn takes_decorators(attrs: &[Attribute], item: &TokenStream) -> bool {
    let is_test = |attr: &Attribute| attr.path().segments.last().is_some_and(|last| last.ident == "test");
    let constness = item.clone().into_iter().take_while(|token| !matches!(token, TokenTree::Ident(i) if i == "fn"));
    !attrs.iter().any(is_test)
        && !constness.into_iter().any(|token| matches!(token, TokenTree::Ident(i) if i == "const"))
}

/// `#[festoon::skip]`, under whatever path.
pub(crate) fn is_skip(attr: &Attribute) -> bool {
    attr.path().segments.last().is_some_and(|last| last.ident == "skip")
        && (attr.path().segments.len() == 1 || attr.path().segments[0].ident != "rustfmt")
}

/// `#[festoon::__private::block(..)]`: a block's decorator that waits for its turn.
fn is_from_block(attr: &Attribute) -> bool {
    is_private(attr, "block")
}

/// `__private::<name>` at the end of the path, whatever the crate is called.
pub(crate) fn is_private(attr: &Attribute, name: &str) -> bool {
    let mut segments = attr.path().segments.iter().rev();
    segments.next().is_some_and(|last| last.ident == name)
        && segments.next().is_some_and(|door| door.ident == "__private")
}

/// The tokens of the next item without its attributes.
fn item_tokens(input: ParseStream) -> TokenStream {
    let ahead = input.fork();
    let header = ahead.parse::<Visibility>().is_ok() && matches!(keyword(&ahead).as_deref(), Some("fn"));
    let signature = header.then(|| signature(input)).flatten();
    let mut out = signature.unwrap_or_default();
    let plain = matches!(first_word(input).as_deref(), Some("const" | "static" | "type" | "use"));
    while let Ok(token) = input.parse::<TokenTree>() {
        let ends = match &token {
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace && !plain,
            _ => false,
        };
        out.extend([token]);
        if ends {
            break;
        }
    }
    out
}

fn first_word(input: ParseStream) -> Option<String> {
    let ahead = input.fork();
    ahead.parse::<Visibility>().ok()?;
    keyword(&ahead).filter(|word| word != "fn")
}

/// A whole signature, so that braces in it (`Array<{ N + 1 }>`) are not taken for the body.
fn signature(input: ParseStream) -> Option<TokenStream> {
    let read = |input: ParseStream| -> syn::Result<TokenStream> {
        let vis: Visibility = input.parse()?;
        let modifier: Option<Ident> = if input.peek(Token![fn]) { None } else { default_word(input)? };
        let sig: Signature = input.parse()?;
        Ok(quote!(#vis #modifier #sig))
    };
    read(&input.fork()).ok()?;
    read(input).ok()
}

fn default_word(input: ParseStream) -> syn::Result<Option<Ident>> {
    let is_default = input.fork().parse::<Ident>().is_ok_and(|word| word == "default");
    if is_default { input.parse().map(Some) } else { Ok(None) }
}

/// The attributes of an item, without the rest.
pub(crate) fn attributes_of(item: &TokenStream) -> Vec<Attribute> {
    let tokens: Vec<TokenTree> = item.clone().into_iter().collect();
    let head: TokenStream = tokens[..attributes_end(&tokens)].iter().cloned().collect();
    Attribute::parse_outer.parse2(head).unwrap_or_default()
}
