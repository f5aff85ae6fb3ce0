//! `with!`: a block whose context managers see every way out of it.
//!
//! In: managers and a block. Out: a call in which every way out of the block is a value. Open this file first, then `walk.rs`.

mod calls;
mod input;
mod walk;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Block, Lifetime};

use self::input::{Managed, With, gives_value};
use self::walk::{Jump, Ways};
use crate::kit::{Errors, Krate, local, numbered, our_span, ours, ours_at};

/// *Input:* the inside of `with!`. *Output:* a block.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let Some(with) = errors.take(syn::parse2::<With>(input)) else { return errors.with_item(TokenStream::new()) };
    let block = with.expand(0, &mut errors);
    if errors.is_empty() { block } else { errors.with_item(TokenStream::new()) }
}

/// The data to enter and exit one context manager.
struct Level<'w> {
    with: &'w With,
    managed: &'w Managed,
    depth: usize,
    path: TokenStream,
}

impl With {
    /// The first manager is the outermost.
    fn expand(&self, depth: usize, errors: &mut Errors) -> TokenStream {
        self.expand_from(0, depth, errors)
    }

    fn expand_from(&self, index: usize, depth: usize, errors: &mut Errors) -> TokenStream {
        let Some(managed) = self.managers.get(index) else { return self.body.to_token_stream() };
        let inner = self.expand_from(index + 1, depth + 1, errors);
        let inner = if index + 1 < self.managers.len() { quote!({ #inner }) } else { inner };
        let Some(mut body) = errors.take(syn::parse2::<Block>(inner)) else { return TokenStream::new() };
        let ways = Ways::find(&mut body, depth, &self.krate, errors);
        // Not the user's own braces, which would be redundant around one expression.
        body.brace_token = syn::token::Brace(our_span());
        Level { with: self, managed, depth, path: self.krate.private("with") }.expand(&body, &ways)
    }
}

impl Level<'_> {
    /// *Output:* `{ let held = enter(manager); let flow = 'label: { let tx = &mut *held; Value(body) }; exit; leave }`.
    fn expand(&self, body: &Block, ways: &Ways) -> TokenStream {
        let Level { with, path, .. } = self;
        let (returns, jumps) = (returns(self.depth), ways.jumps.iter().filter_map(|jump| jump.slot.as_ref()));
        let ty = with.returns.as_ref().map(|ty| quote!(::<#ty>));
        let (hold, run) = (self.hold(ways.awaits), self.run(body, ways));
        let (error, leave) = (self.error(), self.leave(ways));
        ours! {{
            // The types decide which of its traits is called.
            #[allow(unused_imports)]
            use #path::by_type::*;
            let #returns = #path::Returns #ty::new();
            if false {
                if false { return #returns.absurd(); }
                #returns.absurd().known();
            }
            #(let mut #jumps = ::core::option::Option::None;)*
            #hold
            #run
            #error
            #leave
        } }
    }

    /// *Output:* `let held = hold(match Entering(manager).enter() { Ok(active) => active, Err(error) => return .. });`
    fn hold(&self, awaits: bool) -> TokenStream {
        let Level { managed: Managed { asyncness, name, manager }, path, .. } = self;
        let returns = returns(self.depth);
        let (entering, hold, wait) = match asyncness {
            Some(_) => (local("Awaiting"), local("hold_async"), Some(ours!(.await))),
            None if awaits => (local("Entering"), local("hold_in_future"), None),
            None => (local("Entering"), local("hold"), None),
        };
        let mutability = name.as_ref().map(|_| ours!(mut));
        let (ok, err) = (quote!(::core::result::Result::Ok), quote!(::core::result::Result::Err));
        let (active, at) = (local("active"), ours_at(manager.span()));
        let hold = quote_spanned!(at => #path::#hold(#active, #returns.error()));
        ours! {
            // A manager may be unable to fail, and a body may never end.
            #[allow(unreachable_patterns, unreachable_code)]
            let #active = match #path::#entering(#manager).enter() #wait {
                #ok(#active) => #active,
                #err(error) => return #path::Failing(#returns, error).returned(),
            };
            let #mutability held = #hold;
        }
    }

    /// *Output:* `let mut flow = 'label: { let tx = &mut *held; Value({ work }) };`
    fn run(&self, body: &Block, ways: &Ways) -> TokenStream {
        let returns = returns(self.depth);
        let label = ways.is_left.then(|| label(self.depth)).map(|label| quote!(#label:));
        let bind = self.managed.name.as_ref().map(|name| ours!(let #name = &mut *held;));
        ours! {
            // Every path through the block may leave it.
            #[allow(unreachable_code, clippy::diverging_sub_expression)]
            let mut flow = #label {
                #bind
                #returns.value(#body)
            };
        }
    }

    /// *Output:* `let error = match &mut flow { Return(value) => .., Value(value) => .., _ => None };`
    fn error(&self) -> TokenStream {
        let (path, returns) = (&self.path, returns(self.depth));
        let value = gives_value(&self.with.body)
            .then(|| ours!(#path::Flow::Value(value) => #path::Value(value, #returns.error()).error(),));
        ours! {
            let error = match &mut flow {
                #path::Flow::Return(value) => #path::Returned(value).error(),
                #value
                _ => ::core::option::Option::None,
            };
        }
    }

    /// *Output:* `match exit(held, error) { Ok(true) => otherwise, Ok(false) => match flow { .. }, Err(error) => return .. }`
    fn leave(&self, ways: &Ways) -> TokenStream {
        let Level { with, managed, path, .. } = self;
        let returns = returns(self.depth);
        let exit = match (&managed.asyncness, &with.otherwise) {
            (None, None) => local("exit_passing"),
            (None, Some(_)) => local("exit"),
            (Some(_), None) => local("exit_async_passing"),
            (Some(_), Some(_)) => local("exit_async"),
        };
        let wait = managed.asyncness.as_ref().map(|_| ours!(.await));
        let otherwise = with.otherwise.as_ref().map(|block| quote!(::core::result::Result::Ok(true) => #block,));
        let jumps = ways.jumps.iter().enumerate().map(|(index, jump)| self.jump(index, jump));
        ours! {
            // A manager may be unable to fail, and a body may never end.
            #[allow(unreachable_patterns, unreachable_code)]
            match #path::#exit(held, error) #wait {
                #otherwise
                ::core::result::Result::Ok(_) => match flow {
                    #path::Flow::Value(value) => value,
                    #path::Flow::Return(value) => return value,
                    #(#jumps)*
                    #path::Flow::Jump(_) => #path::no_jump(),
                },
                ::core::result::Result::Err(error) => return #path::Failing(#returns, error).returned(),
            }
        }
    }

    /// *Output:* `Jump(0) => break 'outer jump0_0.unwrap_or_else(no_jump),`
    fn jump(&self, index: usize, Jump { keyword, label, slot }: &Jump) -> TokenStream {
        let path = &self.path;
        let value = slot.as_ref().map(|slot| ours!(#slot.unwrap_or_else(#path::no_jump)));
        ours!(#path::Flow::Jump(#index) => #keyword #label #value,)
    }
}

/// The label of our own block at this depth.
fn label(depth: usize) -> Lifetime {
    Lifetime::new(&format!("'festoon_with{depth}"), our_span())
}

/// The return type of the function.
fn returns(depth: usize) -> Ident {
    numbered("returns", depth)
}

/// Where the value of a `break` is kept until the exit has run.
fn slot(depth: usize, index: usize) -> Ident {
    format_ident!("jump{depth}_{index}", span = our_span())
}

/// The paths of the runtime that the walk writes.
fn path(krate: &Krate) -> TokenStream {
    krate.private("with")
}
