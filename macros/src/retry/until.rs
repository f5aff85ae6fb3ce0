//! `until = |value| ..` receives the value inside an `Ok` or `Some`, but some users expect the whole value, and call
//! `is_ok`.

use proc_macro2::TokenStream;
use syn::{Expr, ExprMethodCall, GenericArgument, Pat, PathArguments, Type};

use crate::kit::{Errors, Func};

/// *Input:* `|r| r.is_ok()`, on a function that returns `Result<u8, E>`.
pub(super) fn check(until: &TokenStream, func: &Func, errors: &mut Errors) {
    let Some(call) = asked(until) else { return };
    let output = func.output_type();
    let (whole, good) = match call.method.to_string().as_str() {
        "is_ok" | "is_err" => ("Result", "Ok"),
        "is_some" | "is_none" => ("Option", "Some"),
        _ => return,
    };
    if argument_of(&output, whole).is_some_and(|value| argument_of(value, whole).is_none()) {
        let message = format!(
            "`until` receives the value inside `{good}(..)`, and the function is retried until there is one anyway: remove \
             `until`, or test the value, `until = |value| ..`"
        );
        errors.at(&call.method, message);
    }
}

/// *Input:* `|r| r.is_ok()`. *Output:* the call, if it is one on the closure's argument.
fn asked(until: &TokenStream) -> Option<ExprMethodCall> {
    let Ok(Expr::Closure(closure)) = syn::parse2(until.clone()) else { return None };
    let Expr::MethodCall(call) = *closure.body else { return None };
    let (Expr::Path(receiver), Some(argument)) = (&*call.receiver, closure.inputs.first()) else { return None };
    match argument {
        Pat::Ident(pat) if receiver.path.is_ident(&pat.ident) => Some(call),
        _ => None,
    }
}

/// *Input:* `io::Result<T>`. *Output:* `T`.
fn argument_of<'t>(ty: &'t Type, name: &str) -> Option<&'t Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first() {
        Some(GenericArgument::Type(ty)) => Some(ty),
        _ => None,
    }
}
