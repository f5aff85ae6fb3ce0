//! The key of a call: all its arguments, all except some, or the expression in `key = ..`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, FnArg, Pat, PatType, Receiver, ReceiverKind, Type};

use crate::kit::{
    Func, Options, bindings, bound_names, is_same, located_at, meant, mentions, our_span, ours, plain_name,
};

/// One parameter, `self` included.
pub(super) struct Parameter {
    /// What it binds: `self`, its name, or each name in its pattern.
    pub(super) names: Vec<Ident>,
    /// If it is more than a name.
    pattern: Option<Pat>,
    pub(super) ty: Type,
    /// The span for compile errors.
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
        Parameter { names: vec![Ident::new("self", span)], pattern: None, ty, span }
    }

    fn typed(typed: &PatType) -> Self {
        let pattern = plain_name(&typed.pat).is_none().then(|| (*typed.pat).clone());
        let span = typed.ty.to_token_stream().into_iter().next().map_or_else(Span::call_site, |first| first.span());
        Parameter { names: bound_names(&typed.pat), pattern, ty: (*typed.ty).clone(), span }
    }

    /// `self`, or its name. `None` for a pattern.
    pub(super) fn name(&self) -> Option<&Ident> {
        self.names.first().filter(|_| self.pattern.is_none())
    }

    pub(super) fn is_self(&self) -> bool {
        self.name().is_some_and(|name| name == "self")
    }

    pub(super) fn is(&self, word: &TokenStream) -> bool {
        self.name().is_some_and(|name| is_word(name, word))
    }

    /// How often it binds the word; in an or-pattern more than once.
    pub(super) fn binds(&self, word: &TokenStream) -> usize {
        self.names.iter().filter(|name| is_word(name, word)).count()
    }

    /// The bindings of its pattern, as parts of a key.
    fn bound(&self) -> Vec<(Ident, TokenStream)> {
        let part = |binding: syn::PatIdent| {
            let name = binding.ident;
            let is_exclusive = binding.by_ref.is_some() && binding.mutability.is_some();
            let part = if is_exclusive { quote!((&*#name)) } else { name.to_token_stream() };
            (name, part)
        };
        self.pattern.iter().flat_map(bindings).map(part).collect()
    }

    /// Is it a pattern whose names are mentioned here?
    pub(super) fn is_open(&self, told: &TokenStream) -> bool {
        self.pattern.is_some() && self.names.iter().any(|name| mentions(told, name))
    }

    /// As it was written.
    fn to_pattern(&self) -> TokenStream {
        self.pattern.as_ref().map_or_else(|| self.name().to_token_stream(), ToTokens::to_token_stream)
    }

    /// *Input:* `name: &&str`. *Output:* `(&&&&Arg(&*name)).part()`: of several references, only the innermost one
    /// counts.
    fn part(&self, name: &Ident, asked: &KeyContext) -> TokenStream {
        let stars = (1..references(&self.ty)).map(|_| quote!(*));
        asked.part(&quote!(#(#stars)* #name), self.span)
    }
}

fn is_word(name: &Ident, word: &TokenStream) -> bool {
    syn::parse2::<AnyIdent>(word.clone()).is_ok_and(|AnyIdent(word)| is_same(name, &word))
}

/// The argument that a word refers to.
fn argument(word: &TokenStream, names: &[Ident]) -> Option<Ident> {
    let AnyIdent(word) = syn::parse2(word.clone()).ok()?;
    meant(&word, names)
}

/// `self` or a name.
struct AnyIdent(Ident);

impl Parse for AnyIdent {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        Ident::parse_any(input).map(AnyIdent)
    }
}

/// Does the word refer to exactly one of the parameters?
fn is_one(word: &TokenStream, parameters: &[Parameter]) -> bool {
    parameters.iter().map(|parameter| parameter.binds(word)).sum::<usize>() == 1
}

/// The requirements on each part of a key.
pub(super) struct KeyContext<'c> {
    pub(super) cached: &'c TokenStream,
    /// Can it be stored outside of the process?
    pub(super) remote: bool,
}

impl KeyContext<'_> {
    /// The span for compile errors.
    fn part(&self, argument: &TokenStream, at: Span) -> TokenStream {
        let cached = self.cached;
        let storable = self.remote.then(|| ours!(.storable()));
        located_at(ours!((&&&&#cached::Arg(&#argument)).part() #storable), at)
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

/// Selects the parts of the key.
pub(super) enum KeyParts {
    /// Every argument except these.
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
            options.error(&key, "cannot combine `key` and `skip`: arguments that are not in `key` are skipped already");
        }
        match syn::parse2(key.clone()) {
            Ok(Expr::Tuple(tuple)) => KeyParts::These(tuple.elems.into_iter().collect()),
            Ok(Expr::Paren(paren)) => KeyParts::These(vec![*paren.expr]),
            Ok(expr) => KeyParts::These(vec![expr]),
            Err(_) => {
                options
                    .error(&key, "expected an argument, an expression, or a tuple of them: write `key = (id, lang)`");
                KeyParts::These(Vec::new())
            }
        }
    }

    /// With the names of the arguments that they refer to.
    pub(super) fn of(&self, parameters: &[Parameter]) -> Self {
        let names: Vec<Ident> = parameters.iter().flat_map(|parameter| parameter.names.clone()).collect();
        match self {
            KeyParts::AllBut(skipped) => {
                let word = |word: &TokenStream| argument(word, &names).map_or(word.clone(), |name| quote!(#name));
                KeyParts::AllBut(skipped.iter().map(word).collect())
            }
            KeyParts::These(exprs) => {
                let expr = |expr: &Expr| {
                    let name = argument(&expr.to_token_stream(), &names);
                    name.map_or(expr.clone(), |name| syn::parse_quote!(#name))
                };
                KeyParts::These(exprs.iter().map(expr).collect())
            }
        }
    }

    /// The tokens that mention arguments by name.
    pub(super) fn told(&self) -> TokenStream {
        match self {
            KeyParts::AllBut(skipped) => skipped.iter().cloned().collect(),
            KeyParts::These(exprs) => quote!(#(#exprs),*),
        }
    }

    /// *Input:* `name: &str, n: u32`. *Output:* `((&&&&Arg(&name)).part(), (&&&&Arg(&n)).part(),)`
    pub(super) fn parts(&self, parameters: &[Parameter], at: &Places, asked: &KeyContext) -> TokenStream {
        match self {
            KeyParts::AllBut(skipped) => {
                let part = |(parameter, place): (&Parameter, &Option<Ident>)| match at.form(parameter, skipped) {
                    Form::Skipped => Vec::new(),
                    Form::Whole => place.iter().map(|place| parameter.part(place, asked)).collect(),
                    Form::Names(names) => names.iter().map(|(name, part)| asked.part(part, name.span())).collect(),
                };
                tuple(parameters.iter().zip(&at.names).flat_map(part))
            }
            KeyParts::These(exprs) => tuple(exprs.iter().map(|expr| expr_part(expr, parameters, asked))),
        }
    }

    /// The `self` that owns the cache does not distinguish calls.
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
    ours!((#(#parts,)*))
}

/// The names of the parameters at the lookup.
pub(super) struct Places {
    /// The name of each one; `None` for a pattern.
    names: Vec<Option<Ident>>,
    /// The tokens that mention them.
    told: TokenStream,
    /// Every pattern stays in place: a layer above keeps its bindings.
    opens: bool,
}

impl Places {
    /// Patterns get a name of ours, or stay in place if `told` mentions their bindings.
    /// With `key = ..`, `_` is not part of the key.
    pub(super) fn find(func: &mut Func, told: &TokenStream, opens: bool, key: &KeyParts) -> Self {
        let is_chosen = matches!(key, KeyParts::These(_));
        func.name_arguments(|pat| {
            opens
                || (is_chosen && matches!(pat, Pat::Wild(_)))
                || bound_names(pat).iter().any(|name| mentions(told, name))
        });
        let name = |input: &FnArg| match input {
            FnArg::Receiver(receiver) => Some(Ident::new("self", receiver.self_token.span)),
            FnArg::Typed(typed) => plain_name(&typed.pat).cloned(),
        };
        Places { names: func.sig.inputs.iter().map(name).collect(), told: told.clone(), opens }
    }

    /// *Output:* `let Path(id) = Clone::clone(&argument0);`, for those that no longer have the name that the key uses.
    pub(super) fn copies(&self, parameters: &[Parameter], key: &KeyParts) -> TokenStream {
        let copy = |(parameter, place): (&Parameter, &Option<Ident>)| {
            let place = place.as_ref()?;
            let is_part = parameter.pattern.is_some() || matches!(key, KeyParts::These(_));
            let told = is_part && parameter.names.iter().any(|name| mentions(&self.told, name) && name != place);
            let pattern = parameter.to_pattern();
            told.then(|| {
                // The pattern is written twice: the second one has the warnings.
                ours!(#[allow(unused_mut, unused_variables, clippy::shadow_same, clippy::shadow_unrelated)]
                    let #pattern = ::core::clone::Clone::clone(&#place);
                )
            })
        };
        parameters.iter().zip(&self.names).filter_map(copy).collect()
    }

    fn form(&self, parameter: &Parameter, skipped: &[TokenStream]) -> Form {
        let is_skipped = |name: &Ident| skipped.iter().any(|word| is_word(name, word));
        if parameter.name().is_some_and(is_skipped) {
            Form::Skipped
        } else if parameter.is_open(&self.told) || (self.opens && parameter.pattern.is_some()) {
            Form::Names(parameter.bound().into_iter().filter(|(name, _)| !is_skipped(name)).collect())
        } else {
            Form::Whole
        }
    }
}

/// The part of a parameter that distinguishes calls.
enum Form {
    Skipped,
    Whole,
    /// The bindings of its pattern.
    Names(Vec<(Ident, TokenStream)>),
}

/// The name of an argument stands for that argument; any other expression is evaluated.
fn expr_part(expr: &Expr, parameters: &[Parameter], asked: &KeyContext) -> TokenStream {
    let tokens = expr.to_token_stream();
    let named = parameters.iter().find(|parameter| parameter.is(&tokens));
    if let Some((parameter, name)) = named.and_then(|it| Some((it, it.name()?))).filter(|_| is_one(&tokens, parameters))
    {
        return parameter.part(name, asked);
    }
    let start = tokens.into_iter().next().map_or_else(our_span, |first| first.span());
    asked.part(&quote!((#expr)), start)
}
