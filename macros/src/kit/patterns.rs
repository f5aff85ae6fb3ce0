//! The names that a pattern binds.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::{Pat, PatIdent};

use super::tree::any_token;

/// Calls `visit` for each of them.
pub(crate) fn each_binding(pat: &mut Pat, visit: &mut dyn FnMut(&mut PatIdent)) {
    match pat {
        Pat::Ident(name) => {
            if !is_constant(name) {
                visit(name);
            }
            if let Some((_, inner)) = &mut name.subpat {
                each_binding(inner, visit);
            }
        }
        Pat::Or(pat) => pat.cases.iter_mut().for_each(|case| each_binding(case, visit)),
        Pat::Paren(pat) => each_binding(&mut pat.pat, visit),
        Pat::Reference(pat) => each_binding(&mut pat.pat, visit),
        Pat::Slice(pat) => pat.elems.iter_mut().for_each(|elem| each_binding(elem, visit)),
        Pat::Struct(pat) => pat.fields.iter_mut().for_each(|field| each_binding(&mut field.pat, visit)),
        Pat::Tuple(pat) => pat.elems.iter_mut().for_each(|elem| each_binding(elem, visit)),
        Pat::TupleStruct(pat) => pat.elems.iter_mut().for_each(|elem| each_binding(elem, visit)),
        Pat::Type(pat) => each_binding(&mut pat.pat, visit),
        _ => {}
    }
}

/// All of them.
pub(crate) fn bindings(pat: &Pat) -> Vec<PatIdent> {
    let mut found = Vec::new();
    each_binding(&mut pat.clone(), &mut |name| found.push(name.clone()));
    found
}

/// *Input:* `Path((id, ref name))`. *Output:* `id`, `name`.
pub(crate) fn bound_names(pat: &Pat) -> Vec<Ident> {
    bindings(pat).into_iter().map(|binding| binding.ident).collect()
}

/// The name of a pattern that is just a name, except for a `mut`.
pub(crate) fn plain_name(pat: &Pat) -> Option<&Ident> {
    match pat {
        Pat::Ident(pat) if pat.subpat.is_none() && pat.by_ref.is_none() => Some(&pat.ident),
        _ => None,
    }
}

/// A unit struct, judging by its spelling.
fn is_constant(name: &PatIdent) -> bool {
    let is_upper = name.ident.to_string().starts_with(char::is_uppercase);
    is_upper && name.by_ref.is_none() && name.mutability.is_none() && name.subpat.is_none()
}

/// Do both refer to the same binding? Two names may be spelled alike, one from the user and one from a macro.
pub(crate) fn is_same(one: &Ident, other: &Ident) -> bool {
    one == other && (one == "self" || context(one) == context(other))
}

/// The name among these that a word refers to: the very same, or else the only one with the same spelling.
pub(crate) fn meant(word: &Ident, names: &[Ident]) -> Option<Ident> {
    let alike: Vec<&Ident> = names.iter().filter(|name| *name == word).collect();
    let only = (alike.len() == 1).then(|| alike[0]);
    let name = alike.iter().copied().find(|name| is_same(name, word)).or(only)?;
    let mut name = name.clone();
    name.set_span(name.span().located_at(word.span()));
    Some(name)
}

/// *Input:* a name whose span is printed as `#3 bytes(4..5)`. *Output:* `#3`: names of one context refer to each other.
/// If spans are printed in another way, all names do.
fn context(name: &Ident) -> Option<String> {
    let span = format!("{:?}", name.span());
    span.split(' ').next().filter(|context| context.starts_with('#')).map(ToOwned::to_owned)
}

/// Does this name occur in the tokens, or in the braces of a format string?
pub(crate) fn mentions(tokens: &TokenStream, name: &Ident) -> bool {
    let in_text = format!("{{{name}");
    any_token(tokens, |token| match token {
        TokenTree::Ident(word) => word == name,
        TokenTree::Literal(text) => text.to_string().contains(&in_text),
        _ => false,
    })
}

/// `_name`, which clippy expects nobody to mention.
pub(crate) fn is_unused(name: &Ident) -> bool {
    name.to_string().starts_with('_')
}
