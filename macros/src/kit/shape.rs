//! What kind of function it is: plain, async, or one that ends in `Box::pin(async move { .. })` or `async move { .. }`,
//! as `async_trait` and people who box by hand write it.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{GenericArgument, PathArguments, ReturnType, Signature, Type, TypeParamBound};

use super::head::{self, Head};
use super::tokens::{group, is_punct, site};

#[derive(Clone)]
pub(crate) enum Shape {
    Sync,
    Async,
    Boxed(Box<Boxed>),
}

/// A plain function whose last expression is a future.
#[derive(Clone)]
pub(crate) struct Boxed {
    /// The statements before it, kept where they are.
    pub(crate) statements: TokenStream,
    /// `Box::pin`, or nothing for a bare `async` block.
    maker: TokenStream,
    /// `async move`
    keywords: TokenStream,
    /// What the future gives.
    pub(crate) output: Type,
    /// The parameters that it takes up anew.
    pub(super) head: Head,
}

impl Boxed {
    /// *Input:* the decorated body. *Output:* the statements, and the future around that body. The parameters of `sig` that
    /// it takes up anew get their own names back.
    pub(crate) fn around(&self, body: &TokenStream, sig: &mut Signature) -> TokenStream {
        let Boxed { statements, maker, keywords, head, .. } = self;
        let (own, body) = (head.give_back(sig), head.renamed(body));
        let future = quote!(#keywords { #own #body });
        if maker.is_empty() { quote!(#statements #future) } else { quote!(#statements #maker(#future)) }
    }
}

/// The shape of a function and the part of its body that decorators wrap.
pub(crate) fn of(sig: &mut Signature, block: &Group) -> (Shape, TokenStream) {
    if sig.asyncness.is_some() {
        return (Shape::Async, inner_block(block));
    }
    match future_output(&sig.output).and_then(|output| trailing_future(block, output)) {
        Some((mut boxed, body)) => {
            let mut work = Group::new(Delimiter::Brace, head::take(body.stream(), sig, &mut boxed.head));
            work.set_span(body.span());
            (Shape::Boxed(Box::new(boxed)), inner_block(&work))
        }
        None => (Shape::Sync, inner_block(block)),
    }
}

/// *Input:* the user's `{ work }`. *Output:* `{ ; work }`, a block among the statements of ours.
///
/// It keeps its span, and with it the user's edition, which decides when the temporaries of `work` are dropped. The
/// empty statement keeps `unused_braces` from asking for the braces' removal, and items of the user's stay first.
fn inner_block(block: &Group) -> TokenStream {
    let statements = block.stream();
    let statements = if statements.is_empty() { statements } else { quote_spanned!(site() => ; #statements) };
    let mut inner = Group::new(Delimiter::Brace, statements);
    inner.set_span(block.span());
    inner.to_token_stream()
}

/// *Input:* `Pin<Box<dyn Future<Output = T> + Send>>` or `impl Future<Output = T>`. *Output:* `T`.
pub(crate) fn future_output(output: &ReturnType) -> Option<Type> {
    let ReturnType::Type(_, ty) = output else { return None };
    let inner = only_argument(ty, "Pin").and_then(|inner| only_argument(inner, "Box"));
    match (bare(ty), inner.map(bare)) {
        (Type::ImplTrait(opaque), _) => opaque.bounds.iter().find_map(bound_output),
        (_, Some(Type::TraitObject(object))) => object.bounds.iter().find_map(bound_output),
        _ => None,
    }
}

/// The type without brackets, visible or not.
pub(crate) fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => bare(&group.elem),
        Type::Paren(paren) => bare(&paren.elem),
        other => other,
    }
}

fn only_argument<'t>(ty: &'t Type, name: &str) -> Option<&'t Type> {
    let Type::Path(path) = bare(ty) else { return None };
    let segment = path.path.segments.last().filter(|segment| segment.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

fn bound_output(bound: &TypeParamBound) -> Option<Type> {
    let TypeParamBound::Trait(bound) = bound else { return None };
    let segment = bound.path.segments.last().filter(|segment| segment.ident == "Future")?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(assoc) if assoc.ident == "Output" => Some(assoc.ty.clone()),
        _ => None,
    })
}

/// *Input:* `{ before(); Box::pin(async move { work }) }`. *Output:* the pieces, with `{ work }` as the body.
fn trailing_future(block: &Group, output: Type) -> Option<(Boxed, Group)> {
    let tokens: Vec<TokenTree> = block.stream().into_iter().collect();
    let (last, before) = tokens.split_last()?;
    let boxed = group(Some(last), Delimiter::Parenthesis).filter(|_| ends_in_box_pin(before));
    if let Some(call) = boxed {
        let start = before.iter().rposition(|token| !is_path(token)).map_or(0, |at| at + 1);
        let inner: Vec<TokenTree> = call.stream().into_iter().collect();
        let (keywords, body) = async_block(&inner)?;
        let maker = before[start..].iter().cloned().collect();
        let statements = before[..start].iter().cloned().collect();
        return (keywords.1 == 0)
            .then_some((Boxed { statements, maker, keywords: keywords.0, output, head: Head::default() }, body));
    }
    let ((keywords, start), body) = async_block(&tokens)?;
    let statements = tokens[..start].iter().cloned().collect();
    Some((Boxed { statements, maker: TokenStream::new(), keywords, output, head: Head::default() }, body))
}

/// The `async move { .. }` that the tokens end in: its keywords, where they start, its block.
fn async_block(tokens: &[TokenTree]) -> Option<((TokenStream, usize), Group)> {
    let is_word = |at: usize, word: &str| matches!(tokens.get(at), Some(TokenTree::Ident(ident)) if ident == word);
    let comma = usize::from(is_punct(tokens.last(), ','));
    let at = tokens.len().checked_sub(1 + comma)?;
    let block = group(tokens.get(at), Delimiter::Brace)?;
    let moved = at.checked_sub(1).filter(|before| is_word(*before, "move"));
    let start = moved.unwrap_or(at).checked_sub(1).filter(|start| is_word(*start, "async"))?;
    Some(((tokens[start..at].iter().cloned().collect(), start), block.clone()))
}

fn ends_in_box_pin(tokens: &[TokenTree]) -> bool {
    let words: Vec<String> = tokens.iter().rev().take(4).map(ToString::to_string).collect();
    matches!(words.iter().map(String::as_str).collect::<Vec<_>>()[..], ["pin", ":", ":", "Box", ..])
}

fn is_path(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(ident) => ident != "return",
        TokenTree::Punct(punct) => punct.as_char() == ':',
        _ => false,
    }
}

/// *Input:* `Result<impl Iterator<Item = u8>, E>`. *Output:* `Result<_, E>`.
pub(crate) fn erase_impl(ty: &Type) -> TokenStream {
    fn erase(tokens: TokenStream) -> TokenStream {
        let mut out = Vec::new();
        let mut iter = tokens.into_iter().peekable();
        while let Some(token) = iter.next() {
            match token {
                TokenTree::Ident(ident) if ident == "impl" => {
                    skip_bounds(&mut iter);
                    out.push(TokenTree::Ident(proc_macro2::Ident::new("_", ident.span())));
                }
                TokenTree::Group(group) => {
                    let mut inner = Group::new(group.delimiter(), erase(group.stream()));
                    inner.set_span(group.span());
                    out.push(TokenTree::Group(inner));
                }
                other => out.push(other),
            }
        }
        out.into_iter().collect()
    }
    erase(ty.to_token_stream())
}

/// Passes over the bounds of an `impl`, up to the comma or bracket that ends them.
fn skip_bounds(tokens: &mut core::iter::Peekable<impl Iterator<Item = TokenTree>>) {
    let (mut depth, mut arrow) = (0, false);
    while let Some(token) = tokens.peek() {
        if let TokenTree::Punct(punct) = token {
            match punct.as_char() {
                '<' => depth += 1,
                '>' if arrow => {}
                '>' | ',' | ';' if depth == 0 => return,
                '>' => depth -= 1,
                _ => {}
            }
            arrow = punct.as_char() == '-';
        }
        tokens.next();
    }
}

/// A type that a user has named may be; a reference, a tuple, a `Result` and the known types are not.
pub(crate) fn may_be_future(ty: &Type) -> bool {
    match bare(ty) {
        Type::Path(path) => {
            let last = path.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
            !NO_RESULT.contains(&last.as_str()) && last != "Result"
        }
        Type::ImplTrait(_) | Type::Macro(_) | Type::Infer(_) => true,
        _ => false,
    }
}

/// Types that everybody knows and that are no `Result`.
const NO_RESULT: &[&str] = &[
    "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize",
    "f32", "f64", "String", "Vec", "Arc", "Rc", "HashMap", "HashSet", "BTreeMap", "BTreeSet", "VecDeque", "PathBuf",
    "Duration", "Instant", "Cow", "Option",
];

/// `Box<T>` and what a user has named may be anything; references, tuples, `impl Trait` and the known types may not.
pub(crate) fn may_be_result(ty: &Type) -> bool {
    match bare(ty) {
        Type::Path(path) => {
            let last = path.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
            !NO_RESULT.contains(&last.as_str())
        }
        Type::Macro(_) | Type::Infer(_) | Type::Verbatim(_) => true,
        _ => false,
    }
}
