//! May a key or a value call the function that is cached by it, in its `Hash`, `Eq` or `Clone`?

use quote::ToTokens;
use syn::{Expr, GenericArgument, PathArguments, Type};

use super::key::{KeyParts, Parameter};
use crate::kit::is_copied;

/// Types from the standard library that do not call the user's code, except for their type arguments.
const KNOWN: &[&str] = &[
    "String",
    "str",
    "Path",
    "PathBuf",
    "OsStr",
    "OsString",
    "Duration",
    "Instant",
    "Vec",
    "Option",
    "Result",
    "Box",
    "Arc",
    "Rc",
    "Cow",
    "HashMap",
    "HashSet",
    "BTreeMap",
    "BTreeSet",
    "VecDeque",
    "IpAddr",
    "NonZeroU32",
    "NonZeroU64",
    "NonZeroUsize",
    "TypeId",
    "ThreadId",
];

/// Known types that do not.
pub(super) fn may_recur(key: &KeyParts, parameters: &[Parameter], output: &Type) -> bool {
    let is_own = match key {
        KeyParts::AllBut(skipped) => parameters.iter().any(|parameter| {
            let is_skipped = skipped.iter().any(|word| parameter.binds(word) > 0);
            !is_skipped && !is_known(&parameter.ty)
        }),
        KeyParts::These(exprs) => !exprs.iter().all(|expr| is_known_expr(expr, parameters)),
    };
    is_own || !is_known(output)
}

/// The name of an argument with such a type, or a literal.
fn is_known_expr(expr: &Expr, parameters: &[Parameter]) -> bool {
    let tokens = expr.to_token_stream();
    matches!(expr, Expr::Lit(_)) || parameters.iter().any(|parameter| parameter.is(&tokens) && is_known(&parameter.ty))
}

fn is_known(ty: &Type) -> bool {
    match ty {
        Type::Reference(reference) => is_known(&reference.elem),
        Type::Slice(slice) => is_known(&slice.elem),
        Type::Array(array) => is_known(&array.elem),
        Type::Group(group) => is_known(&group.elem),
        Type::Paren(paren) => is_known(&paren.elem),
        Type::Tuple(tuple) => tuple.elems.iter().all(is_known),
        Type::Path(path) => is_copied(ty) || path.path.segments.last().is_some_and(is_known_name),
        _ => is_copied(ty),
    }
}

fn is_known_name(segment: &syn::PathSegment) -> bool {
    let arguments = match &segment.arguments {
        PathArguments::None => true,
        PathArguments::AngleBracketed(arguments) => arguments.args.iter().all(|argument| match argument {
            GenericArgument::Type(ty) => is_known(ty),
            _ => true,
        }),
        PathArguments::Parenthesized(_) => false,
    };
    arguments && KNOWN.iter().any(|name| segment.ident == name)
}
