//! What a call is looked up by: all its arguments, all but some, or what `key = ..` says.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Expr, FnArg, Pat, PatType, Receiver, ReceiverKind, Type};

use crate::kit::{Func, Options, located_at, site};

/// One parameter, `self` included.
pub(super) struct Parameter {
    /// In the function: `self`, or its name. Nothing for a pattern.
    pub(super) name: Option<Ident>,
    pub(super) ty: Type,
    /// Where the compiler complains about it.
    pub(super) span: Span,
}

impl Parameter {
    /// Every parameter, in order.
    pub(super) fn all(func: &Func) -> Vec<Parameter> {
        let parameter = |input: &FnArg| match input {
            FnArg::Receiver(receiver) => Parameter::receiver(receiver),
            FnArg::Typed(typed) => Parameter::typed(typed),
        };
        func.sig.inputs.iter().map(parameter).collect()
    }

    fn receiver(receiver: &Receiver) -> Self {
        let span = receiver.self_token.span;
        let ty = match &receiver.kind {
            ReceiverKind::Reference(and, lifetime, mutability) => {
                syn::parse_quote!(#and #lifetime #mutability Self)
            }
            ReceiverKind::Typed(_, ty) => (**ty).clone(),
            _ => syn::parse_quote!(Self),
        };
        Parameter { name: Some(Ident::new("self", span)), ty, span }
    }

    fn typed(typed: &PatType) -> Self {
        let name = match &*typed.pat {
            Pat::Ident(pat) if pat.subpat.is_none() && pat.by_ref.is_none() => Some(pat.ident.clone()),
            _ => None,
        };
        let span = typed.ty.to_token_stream().into_iter().next().map_or_else(Span::call_site, |first| first.span());
        Parameter { name, ty: (*typed.ty).clone(), span }
    }

    pub(super) fn is_self(&self) -> bool {
        self.name.as_ref().is_some_and(|name| name == "self")
    }

    pub(super) fn is(&self, word: &TokenStream) -> bool {
        self.name.as_ref().is_some_and(|name| *name == word.to_string())
    }

    /// *Input:* `name: &&str`. *Output:* `(&&&&Arg(&*name)).part()`: of several references the innermost counts.
    fn part(&self, name: &Ident, asked: &Asked) -> TokenStream {
        let stars = (1..references(&self.ty)).map(|_| quote!(*));
        asked.part(&quote!(#(#stars)* #name), self.span)
    }
}

/// What is asked of each part of a key.
pub(super) struct Asked<'c> {
    pub(super) cached: &'c TokenStream,
    /// Can it be kept outside of the process?
    pub(super) outside: bool,
}

impl Asked<'_> {
    /// At whose place the compiler complains.
    fn part(&self, argument: &TokenStream, at: Span) -> TokenStream {
        let cached = self.cached;
        let storable = self.outside.then(|| quote_spanned!(site() => .storable()));
        located_at(quote_spanned!(site() => (&&&&#cached::Arg(&#argument)).part() #storable), at)
    }
}

/// *Input:* `&'a &T`. *Output:* 2.
fn references(ty: &Type) -> usize {
    match ty {
        Type::Reference(reference) => 1 + references(&reference.elem),
        Type::Group(group) => references(&group.elem),
        Type::Paren(paren) => references(&paren.elem),
        _ => 0,
    }
}

/// Which parts make the key.
pub(super) enum KeyParts {
    /// Every argument but these.
    AllBut(Vec<TokenStream>),
    /// These argument names and expressions.
    These(Vec<Expr>),
}

impl KeyParts {
    /// `key = ..` or `skip(..)`
    pub(super) fn read(options: &mut Options) -> Self {
        let (key, skip) = (options.value("key"), options.list("skip"));
        let Some(key) = key else { return KeyParts::AllBut(skip.unwrap_or_default()) };
        if skip.is_some() {
            options.error(&key, "`key` and `skip` contradict each other: what is not in `key` is skipped already");
        }
        match syn::parse2(key.clone()) {
            Ok(Expr::Tuple(tuple)) => KeyParts::These(tuple.elems.into_iter().collect()),
            Ok(Expr::Paren(paren)) => KeyParts::These(vec![*paren.expr]),
            Ok(expr) => KeyParts::These(vec![expr]),
            Err(_) => {
                options.error(&key, "`key` needs an argument, an expression, or a tuple of them: `key = (id, lang)`");
                KeyParts::These(Vec::new())
            }
        }
    }

    /// *Input:* `name: &str, n: u32`. *Output:* `((&&&&Arg(&name)).part(), (&&&&Arg(&n)).part(),)`
    pub(super) fn parts(&self, parameters: &[Parameter], asked: &Asked) -> TokenStream {
        let part = |parameter: &Parameter| parameter.name.as_ref().map(|name| parameter.part(name, asked));
        match self {
            KeyParts::AllBut(skipped) => {
                tuple(parameters.iter().filter(|it| !is_skipped(it, skipped)).filter_map(part))
            }
            KeyParts::These(exprs) => tuple(exprs.iter().map(|expr| expr_part(expr, parameters, asked))),
        }
    }

    /// What the cache belongs to tells no two calls of it apart.
    pub(super) fn without_self(self) -> Self {
        match self {
            KeyParts::AllBut(mut skipped) => {
                skipped.push(quote!(self));
                KeyParts::AllBut(skipped)
            }
            these @ KeyParts::These(_) => these,
        }
    }
}

fn tuple(parts: impl Iterator<Item = TokenStream>) -> TokenStream {
    quote_spanned!(site() => (#(#parts,)*))
}

fn is_skipped(parameter: &Parameter, skipped: &[TokenStream]) -> bool {
    skipped.iter().any(|word| parameter.is(word))
}

/// An argument's name stands for the argument; any other expression is evaluated.
fn expr_part(expr: &Expr, parameters: &[Parameter], asked: &Asked) -> TokenStream {
    let tokens = expr.to_token_stream();
    if let Some(parameter) = parameters.iter().find(|parameter| parameter.is(&tokens))
        && let Some(name) = &parameter.name
    {
        return parameter.part(name, asked);
    }
    let start = tokens.into_iter().next().map_or_else(site, |first| first.span());
    asked.part(&quote!((#expr)), start)
}

/// Does the word stand anywhere in the tokens?
pub(super) fn mentions(tokens: &TokenStream, word: &str) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == word,
        TokenTree::Group(group) => mentions(&group.stream(), word),
        _ => false,
    })
}
