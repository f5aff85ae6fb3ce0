//! What a call is looked up by: all its arguments, all but some, or what `key = ..` says.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
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

    /// *Input:* `name: &&str`. *Output:* `Arg(&*name).part()`: of several references the innermost counts.
    fn part(&self, cached: &TokenStream) -> TokenStream {
        let name = &self.name;
        let stars = (1..references(&self.ty)).map(|_| quote!(*));
        located_at(quote_spanned!(site() => (&&&&#cached::Arg(&#(#stars)* #name)).part()), self.span)
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

    /// *Input:* `name: &str, n: u32`. *Output:* `(Arg(&name).part(), Arg(&n).part())`
    pub(super) fn parts(&self, parameters: &[Parameter], cached: &TokenStream) -> TokenStream {
        let parts: Vec<TokenStream> = match self {
            KeyParts::AllBut(skipped) => parameters
                .iter()
                .filter(|parameter| !skipped.iter().any(|word| parameter.is(word)))
                .map(|parameter| parameter.part(cached))
                .collect(),
            KeyParts::These(exprs) => exprs.iter().map(|expr| expr_part(expr, parameters, cached)).collect(),
        };
        quote_spanned!(site() => (#(#parts,)*))
    }

    /// *Input:* `&self, name: &str`.
    /// *Output:* `|(this, name): (&Self, &str)| Part::own(&(Arg(&this).part(), Arg(&name).part()))`
    pub(super) fn closure(&self, parameters: &[Parameter], cached: &TokenStream) -> TokenStream {
        if parameters.iter().any(|parameter| mentions(&parameter.ty.to_token_stream(), "impl")) {
            // The type of such an argument cannot be named, so that no handle can be asked about it.
            return quote_spanned!(site() => |never: #cached::Never| match never {});
        }
        let parts = without_self(self.parts(parameters, cached));
        let names = parameters.iter().map(|parameter| match &parameter.name {
            Some(_) if parameter.is_self() && mentions(&parts, "this") => without_self(quote!(self)),
            Some(name) if mentions(&parts, &name.to_string()) => name.to_token_stream(),
            _ => quote!(_),
        });
        let types = parameters.iter().map(|parameter| &parameter.ty);
        quote_spanned!(site() => |(#(#names,)*): (#(#types,)*)| #cached::Part::own(&#parts))
    }
}

/// An argument's name stands for the argument; any other expression is evaluated.
fn expr_part(expr: &Expr, parameters: &[Parameter], cached: &TokenStream) -> TokenStream {
    let tokens = expr.to_token_stream();
    if let Some(parameter) = parameters.iter().find(|parameter| parameter.is(&tokens)) {
        return parameter.part(cached);
    }
    let start = tokens.into_iter().next().map_or_else(site, |first| first.span());
    located_at(quote_spanned!(site() => (&&&&#cached::Arg(&(#expr))).part()), start)
}

/// *Input:* `self.id`. *Output:* `this.id`, for a closure, which has no `self`.
fn without_self(tokens: TokenStream) -> TokenStream {
    let replace = |token| match token {
        TokenTree::Ident(ident) if ident == "self" => TokenTree::Ident(Ident::new("this", site())),
        TokenTree::Group(group) => {
            let mut inner = Group::new(group.delimiter(), without_self(group.stream()));
            inner.set_span(group.span());
            TokenTree::Group(inner)
        }
        other => other,
    };
    tokens.into_iter().map(replace).collect()
}

/// Does the word stand anywhere in the tokens?
pub(super) fn mentions(tokens: &TokenStream, word: &str) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == word,
        TokenTree::Group(group) => mentions(&group.stream(), word),
        _ => false,
    })
}

/// The first `&` or `'a` that stands for something borrowed: it is not `'static`, and does not belong to the signature of
/// a function type.
pub(super) fn borrows(tokens: TokenStream) -> Option<Span> {
    let mut iter = tokens.into_iter().peekable();
    while let Some(token) = iter.next() {
        let found = match token {
            TokenTree::Ident(ident) if is_function(&ident) => {
                iter.next_if(|next| matches!(next, TokenTree::Group(_)));
                None
            }
            TokenTree::Punct(punct) if punct.as_char() == '&' => {
                let named = iter.next_if(is_tick).is_some();
                (!(named && is_static(iter.next().as_ref()))).then(|| punct.span())
            }
            TokenTree::Punct(punct) if punct.as_char() == '\'' => {
                (!is_static(iter.next().as_ref())).then(|| punct.span())
            }
            TokenTree::Group(group) => borrows(group.stream()),
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

fn is_function(word: &Ident) -> bool {
    ["fn", "Fn", "FnMut", "FnOnce"].iter().any(|name| word == name)
}

fn is_tick(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(tick) if tick.as_char() == '\'')
}

fn is_static(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Ident(name)) if name == "static")
}
