//! What each attempt gets of the function's arguments.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::{FnArg, Pat, Receiver, ReceiverKind, Type};

use crate::kit::{Errors, Func, Options, closest, is_punct, local, numbered, ours_at, site};

/// `clone(url, self)`
pub(super) struct Clones(Vec<Ident>);

impl Clones {
    pub(super) fn read(options: &mut Options) -> Self {
        let mut names: Vec<Ident> = Vec::new();
        for part in options.list("clone").unwrap_or_default() {
            match Ident::parse_any.parse2(part.clone()) {
                Ok(name) if names.contains(&name) => options.error(&name, format!("`{name}` is given twice")),
                Ok(name) => names.push(name),
                Err(_) => options.error(&part, "`clone` takes names of arguments: write `clone(url, body)`"),
            }
        }
        Clones(names)
    }

    pub(super) fn check(&self, func: &Func, errors: &mut Errors) {
        let known: Vec<String> = func.sig.inputs.iter().flat_map(names).map(|name| name.to_string()).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        for name in &self.0 {
            let input = func.sig.inputs.iter().find(|input| names(input).contains(name));
            match input {
                Some(input) if is_borrowed(input) => {
                    errors.at(name, format!("every attempt borrows `{name}` anew: there is nothing to clone"));
                }
                Some(_) => {}
                None => {
                    let hint = closest(&name.to_string(), &known).map(|near| format!(", did you mean `{near}`?"));
                    errors.at(name, format!("this function has no argument `{name}`{}", hint.unwrap_or_default()));
                }
            }
        }
    }

    /// *Input:* `url`. *Output:* `let mut clone0 = Some(url);`, to stand before the loop.
    pub(super) fn before(&self) -> TokenStream {
        let keep = self.0.iter().enumerate().map(|(index, name)| {
            let kept = numbered("clone", index);
            quote_spanned!(site() => let mut #kept = ::core::option::Option::Some(#name);)
        });
        keep.collect()
    }

    /// *Input:* `url`. *Output:* `let url = hand(&mut clone0, retry.is_last());`, to stand before each attempt.
    pub(super) fn each(&self, func: &mut Func, retry: &TokenStream) -> TokenStream {
        let hand = self.0.iter().enumerate().map(|(index, name)| {
            let at = ours_at(name.span());
            let kept = Ident::new(&format!("clone{index}"), at);
            let is_mut = func.sig.inputs.iter_mut().any(|input| take_mut(input, name)).then(|| quote!(mut));
            let name = if name == "self" { local("this") } else { name.clone() };
            quote_spanned!(at => let #is_mut #name = #retry::hand(&mut #kept, retry.is_last());)
        });
        let hand = hand.collect();
        if self.0.iter().any(|name| name == "self") {
            func.body = rename_self(core::mem::take(&mut func.body));
        }
        hand
    }
}

/// `&mut T` arguments are lent to each attempt anew, so that a body that moves one into a generic function works.
/// *Input:* `buf: &mut Vec<u8>`. *Output:* `let buf = &mut *buf;`, to stand in front of the body.
pub(super) fn reborrows(func: &Func) -> TokenStream {
    let reborrow = |input: &FnArg| {
        let FnArg::Typed(typed) = input else { return None };
        let (Pat::Ident(pat), Type::Reference(reference)) = (&*typed.pat, &*typed.ty) else { return None };
        let name = &pat.ident;
        let unused = name.to_string().starts_with('_');
        reference.mutability.filter(|_| !unused && pat.mutability.is_none())?;
        Some(quote_spanned!(site() => let #name = &mut *#name;))
    };
    func.sig.inputs.iter().filter_map(reborrow).collect()
}

/// `mut n: u32`: a `Copy` argument that the body changes starts anew with each attempt.
/// *Output:* what to save before the loop, and what to restore before the next attempt.
pub(super) fn restored(func: &Func, clones: &Clones, retry: &TokenStream) -> (TokenStream, TokenStream) {
    let changed = func.sig.inputs.iter().flat_map(mut_names).filter(|name| !clones.0.contains(name));
    let pairs = changed.enumerate().map(|(index, name)| {
        let saved = numbered("saved", index);
        let save = quote_spanned!(site() => let #saved = #retry::Probe(&#name).saved(););
        (save, quote_spanned!(site() => #saved.restore(&mut #name);))
    });
    let (save, restore): (TokenStream, TokenStream) = pairs.unzip();
    let import =
        (!save.is_empty()).then(|| quote_spanned!(site() => #[allow(unused_imports)] use #retry::NotCopied as _;));
    (quote!(#import #save), restore)
}

/// Is every argument lent, or of a type that is copied, so that no attempt can use it up? And is none of them `mut`?
pub(super) fn lends_all(func: &Func) -> bool {
    let is_lent = |input: &FnArg| match input {
        FnArg::Receiver(receiver) => is_reference(receiver),
        FnArg::Typed(typed) => is_copied(&typed.ty),
    };
    func.sig.inputs.iter().all(|input| is_lent(input) && mut_names(input).is_empty())
}

/// Types that are `Copy` by their looks.
fn is_copied(ty: &Type) -> bool {
    match ty {
        Type::Reference(_) => true,
        Type::Path(path) => path.path.get_ident().is_some_and(|name| COPIED.contains(&name.to_string().as_str())),
        Type::Tuple(tuple) => tuple.elems.iter().all(is_copied),
        Type::Array(array) => is_copied(&array.elem),
        _ => false,
    }
}

const COPIED: &[&str] = &[
    "bool", "char", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32",
    "f64",
];

/// Does an option's expression use an argument?
pub(super) fn mentions_argument(expr: &TokenStream, func: &Func) -> bool {
    let arguments: Vec<Ident> = func.sig.inputs.iter().flat_map(names).collect();
    words(expr.clone()).iter().any(|(word, _)| arguments.contains(word))
}

/// `&self`, `&mut self`, `self: &Self`
pub(super) fn is_reference(receiver: &Receiver) -> bool {
    match &receiver.kind {
        ReceiverKind::Reference(..) => true,
        ReceiverKind::Typed(_, ty) => matches!(&**ty, Type::Reference(_)),
        _ => false,
    }
}

fn is_borrowed(input: &FnArg) -> bool {
    match input {
        FnArg::Receiver(receiver) => is_reference(receiver),
        FnArg::Typed(typed) => matches!(&*typed.ty, Type::Reference(reference) if reference.mutability.is_some()),
    }
}

/// The names that an argument binds, and perhaps a few more words of its pattern.
fn names(input: &FnArg) -> Vec<Ident> {
    bindings(input).into_iter().map(|(name, _)| name).collect()
}

fn mut_names(input: &FnArg) -> Vec<Ident> {
    bindings(input).into_iter().filter(|(_, is_mut)| *is_mut).map(|(name, _)| name).collect()
}

/// The words of a pattern, each with whether `mut` stands before it.
fn bindings(input: &FnArg) -> Vec<(Ident, bool)> {
    let tokens = match input {
        FnArg::Receiver(receiver) => {
            return vec![(Ident::new("self", receiver.self_token.span), receiver.mutability.is_some())];
        }
        FnArg::Typed(typed) => typed.pat.to_token_stream(),
    };
    words(tokens)
}

fn words(tokens: TokenStream) -> Vec<(Ident, bool)> {
    let mut found = Vec::new();
    let mut is_mut = false;
    for token in tokens {
        match token {
            TokenTree::Ident(word) if word == "mut" => is_mut = true,
            TokenTree::Ident(word) => found.push((word, core::mem::take(&mut is_mut))),
            TokenTree::Group(group) => found.extend(words(group.stream())),
            _ => {}
        }
    }
    found
}

/// *Input:* `mut url: String`. *Output:* `url: String`, and whether there was a `mut`.
fn take_mut(input: &mut FnArg, name: &Ident) -> bool {
    if !mut_names(input).contains(name) {
        return false;
    }
    match input {
        FnArg::Receiver(receiver) => receiver.mutability = None,
        FnArg::Typed(typed) => {
            let plain = without_mut(typed.pat.to_token_stream(), name);
            if let Ok(pat) = Pat::parse_single.parse2(plain) {
                *typed.pat = pat;
            }
        }
    }
    true
}

fn without_mut(tokens: TokenStream, name: &Ident) -> TokenStream {
    let mut tokens = tokens.into_iter().peekable();
    let mut out = Vec::new();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(word)
                if word == "mut" && matches!(tokens.peek(), Some(TokenTree::Ident(next)) if next == name) => {}
            TokenTree::Group(group) => out.push(regrouped(&group, without_mut(group.stream(), name))),
            other => out.push(other),
        }
    }
    out.into_iter().collect()
}

/// *Input:* `self.left + self::RATE`. *Output:* `this.left + self::RATE`. Items inside of the body have a `self` of their
/// own.
fn rename_self(tokens: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut inside_item = false;
    let rename = |(at, token): (usize, &TokenTree)| match token {
        TokenTree::Ident(word) if word == "impl" || word == "trait" => {
            inside_item = true;
            token.clone()
        }
        TokenTree::Ident(word) if word == "self" && !is_path(&tokens, at + 1) => {
            TokenTree::Ident(Ident::new("this", ours_at(word.span())))
        }
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace && core::mem::take(&mut inside_item) => {
            token.clone()
        }
        TokenTree::Group(group) => regrouped(group, rename_self(group.stream())),
        other => other.clone(),
    };
    tokens.iter().enumerate().map(rename).collect()
}

fn is_path(tokens: &[TokenTree], at: usize) -> bool {
    is_punct(tokens.get(at), ':') && is_punct(tokens.get(at + 1), ':')
}

fn regrouped(group: &Group, stream: TokenStream) -> TokenTree {
    let mut new = Group::new(group.delimiter(), stream);
    new.set_span(group.span());
    TokenTree::Group(new)
}
