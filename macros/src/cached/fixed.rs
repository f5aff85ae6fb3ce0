//! Keys that are the same for every call.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{Expr, ExprLit, ExprMethodCall, ExprPath, Lit};

use super::key::Parameter;
use crate::kit::{Errors, mentions, text};

/// A literal does not distinguish calls, wherever it is; constants may be combined with something that does.
pub(super) fn check(exprs: &[Expr], parameters: &[Parameter], errors: &mut Errors) {
    let is_constant =
        |expr: &Expr| is_constant_path(expr) && !parameters.iter().any(|it| it.is(&expr.to_token_stream()));
    let all = exprs.iter().all(|expr| is_fixed(expr) || is_constant(expr));
    for expr in exprs {
        if let Expr::Closure(closure) = expr {
            let body = text(&closure.body);
            errors.at(expr, format!("expected an expression, found a closure: write `key = {body}`"));
        } else if is_fixed(expr) || (all && is_constant(expr)) {
            errors.at(expr, format!("this is the same for every call: {}", advice(expr, exprs.len() == 1, parameters)));
        }
    }
}

fn advice(expr: &Expr, alone: bool, parameters: &[Parameter]) -> String {
    let written = |what: &str| if alone { format!("write `key = {what}`") } else { format!("write `{what}`") };
    if let Some(meant) = quoted(expr, parameters) {
        return written(&meant);
    }
    match parameters.iter().flat_map(|parameter| &parameter.names).next() {
        Some(name) if name != "self" => format!("write what identifies a call, such as `key = {name}`"),
        Some(_) => "write what identifies a call, such as `key = self.id`".to_owned(),
        None => "remove `key`, since this function has no arguments".to_owned(),
    }
}

/// *Input:* `"user.id"`. *Output:* `user.id`, if `user` is an argument.
fn quoted(expr: &Expr, parameters: &[Parameter]) -> Option<String> {
    let Expr::Lit(ExprLit { lit: Lit::Str(literal), .. }) = expr else { return None };
    let inner = literal.parse::<Expr>().ok()?.into_token_stream();
    let mut names = parameters.iter().flat_map(|parameter| &parameter.names);
    names.any(|name| mentions(&inner, name)).then(|| literal.value())
}

/// Macros that return a string, which is the same each time for a single literal.
const TEXTS: &[&str] = &["format", "concat", "stringify", "env", "include_str"];

/// `7`, `-1`, `"user".to_owned()`, `[1, 2]`, `format!("user")`
fn is_fixed(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) => true,
        Expr::Unary(unary) => is_fixed(&unary.expr),
        Expr::Reference(reference) => is_fixed(&reference.expr),
        Expr::Paren(paren) => is_fixed(&paren.expr),
        Expr::Group(group) => is_fixed(&group.expr),
        Expr::Cast(cast) => is_fixed(&cast.expr),
        Expr::Binary(binary) => is_fixed(&binary.left) && is_fixed(&binary.right),
        Expr::Tuple(tuple) => tuple.elems.iter().all(is_fixed),
        Expr::Array(array) => array.elems.iter().all(is_fixed),
        Expr::MethodCall(ExprMethodCall { receiver, args, .. }) => is_fixed(receiver) && args.iter().all(is_fixed),
        Expr::Macro(call) => {
            let is_known = call.mac.path.get_ident().is_some_and(|name| TEXTS.contains(&name.to_string().as_str()));
            is_known
                && syn::parse2::<Lit>(call.mac.tokens.clone())
                    .is_ok_and(|lit| !lit.to_token_stream().to_string().contains('{'))
        }
        _ => false,
    }
}

/// `LIMIT`, `Self::LIMIT`, `u32::MAX`
fn is_constant_path(expr: &Expr) -> bool {
    match expr {
        Expr::Path(ExprPath { path, .. }) => path.segments.last().is_some_and(|last| is_constant(&last.ident)),
        Expr::Paren(paren) => is_constant_path(&paren.expr),
        Expr::Group(group) => is_constant_path(&group.expr),
        Expr::Reference(reference) => is_constant_path(&reference.expr),
        _ => false,
    }
}

/// By its spelling, according to the convention for constants.
pub(super) fn is_constant(name: &Ident) -> bool {
    name.to_string().chars().all(|c| c.is_uppercase() || c.is_ascii_digit() || c == '_')
}
