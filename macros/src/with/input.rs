//! The input of `with!`.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{Block, Expr, Stmt, Token, Type};

use crate::kit::Krate;

const FORM: &str = "write `with!(tx = db.begin() => { .. })`";

/// *Input:* `tx = db.begin(), async c = pool.get() => -> Result<(), E> { work } else { other }`, parsed.
pub(super) struct With {
    pub(super) krate: Krate,
    pub(super) managers: Vec<Managed>,
    /// The return type of the surrounding function, if the compiler cannot infer it yet.
    pub(super) returns: Option<Type>,
    pub(super) body: Block,
    /// The value if the error was swallowed.
    pub(super) otherwise: Option<Block>,
}

/// *Input:* `async tx = db.begin()`, parsed.
pub(super) struct Managed {
    pub(super) asyncness: Option<Token![async]>,
    pub(super) name: Option<Ident>,
    pub(super) manager: Expr,
}

impl Parse for With {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let krate = parse_krate(input)?;
        let mut managers = Vec::new();
        while !input.peek(Token![=>]) {
            managers.push(input.parse()?);
            if !input.peek(Token![=>]) {
                input
                    .parse::<Token![,]>()
                    .map_err(|error| syn::Error::new(error.span(), format!("missing `=>` and the block: {FORM}")))?;
            }
        }
        if managers.is_empty() {
            return Err(input.error(format!("missing context manager: {FORM}")));
        }
        input.parse::<Token![=>]>()?;
        let returns = if input.parse::<Option<Token![->]>>()?.is_some() { Some(input.parse()?) } else { None };
        if !input.peek(syn::token::Brace) {
            return Err(input.error(format!("expected a block: {FORM}")));
        }
        let body = input.parse()?;
        let otherwise = if input.parse::<Option<Token![else]>>()?.is_some() { Some(input.parse()?) } else { None };
        input.parse::<Option<Token![,]>>()?;
        if !input.is_empty() {
            return Err(input.error("expected `else { .. }` or the end after the block"));
        }
        Ok(With { krate, managers, returns, body, otherwise })
    }
}

/// *Input:* `crate = my::festoon,`
fn parse_krate(input: ParseStream) -> syn::Result<Krate> {
    if !(input.peek(Token![crate]) && input.peek2(Token![=])) {
        return Ok(Krate::default());
    }
    input.parse::<Token![crate]>()?;
    input.parse::<Token![=]>()?;
    let path = syn::Path::parse_mod_style(input)?;
    input.parse::<Token![,]>()?;
    Krate::parse(path.to_token_stream()).map_err(|message| input.error(message))
}

impl Parse for Managed {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let is_block = input.peek2(syn::token::Brace) || input.peek2(Token![move]);
        let asyncness = if input.peek(Token![async]) && !is_block { Some(input.parse()?) } else { None };
        let is_named = input.peek(syn::Ident) && input.peek2(Token![=]) && !input.peek2(Token![==]);
        let name = if is_named && !input.peek2(Token![=>]) { Some(input.parse()?) } else { None };
        if name.is_some() {
            input.parse::<Token![=]>()?;
        } else if input.peek(Token![_]) || input.peek(Token![mut]) || input.peek(Token![let]) {
            let message = "expected a plain name, or none: write `with!(tx = ..)` or `with!(..)`";
            return Err(input.error(message));
        }
        Ok(Managed { asyncness, name, manager: input.parse()? })
    }
}

/// May the value of the block be a `Result`? The type of an unreachable value is not known.
pub(super) fn gives_value(block: &Block) -> bool {
    matches!(block.stmts.last(), Some(Stmt::Expr(value, None)) if is_value(value))
        || matches!(block.stmts.last(), Some(Stmt::Macro(call)) if call.semi_token.is_none() && is_valued(&call.mac))
}

fn is_value(value: &Expr) -> bool {
    match value {
        // The type of the operand of `?` is often inferred after the block:
        // `let n: u8 = with!(.. => { text.parse()? })`.
        Expr::Return(_)
        | Expr::Break(_)
        | Expr::Continue(_)
        | Expr::While(_)
        | Expr::ForLoop(_)
        | Expr::Assign(_)
        | Expr::Try(_) => false,
        Expr::Block(block) => gives_value(&block.block),
        Expr::Unsafe(block) => gives_value(&block.block),
        Expr::Loop(block) => block.body.to_token_stream().to_string().contains("break"),
        Expr::If(branches) => {
            let otherwise = branches.else_branch.as_ref();
            otherwise.is_some_and(|(_, other)| gives_value(&branches.then_branch) || is_value(other))
        }
        Expr::Match(arms) => arms.arms.iter().any(|arm| is_value(&arm.body)),
        Expr::Macro(call) => is_valued(&call.mac),
        _ => true,
    }
}

fn is_valued(call: &syn::Macro) -> bool {
    let name = super::calls::name(call);
    match name.as_str() {
        "with" => syn::parse2::<With>(call.tokens.clone()).is_ok_and(|with| gives_value(&with.body)),
        "panic" | "todo" | "unimplemented" | "unreachable" | "bail" => false,
        _ => true,
    }
}
