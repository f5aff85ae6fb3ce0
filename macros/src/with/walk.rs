//! Finds every way out of a block, and redirects it to the end of the block.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprBreak, ExprContinue, ExprReturn, ExprTry, Item, Label, Lifetime, Macro, Stmt};

use super::{label, path, returns, slot};
use crate::kit::{Errors, Krate, local, ours, ours_at};

/// A `break` or `continue` that targets a loop or a block outside of `with!`.
pub(super) struct Jump {
    pub(super) keyword: TokenStream,
    pub(super) label: Option<Lifetime>,
    /// Where its value is kept.
    pub(super) slot: Option<Ident>,
}

/// The ways out of one block.
pub(super) struct Ways<'e> {
    pub(super) jumps: Vec<Jump>,
    /// Is there any way out other than the end?
    pub(super) is_left: bool,
    pub(super) awaits: bool,
    pub(super) depth: usize,
    pub(super) krate: &'e Krate,
    pub(super) errors: &'e mut Errors,
    /// The current depth of loops in the block, and the labels of loops and blocks.
    loops: usize,
    labels: Vec<Lifetime>,
}

impl<'e> Ways<'e> {
    pub(super) fn find(body: &mut Block, depth: usize, krate: &'e Krate, errors: &'e mut Errors) -> Self {
        let (jumps, labels) = (Vec::new(), Vec::new());
        let mut ways = Ways { jumps, is_left: false, awaits: false, depth, krate, errors, loops: 0, labels };
        ways.visit_block_mut(body);
        ways
    }

    /// *Output:* `break 'festoon_with0 Flow::Return(value)`.
    fn leave(&mut self, way: &TokenStream) -> TokenStream {
        self.is_left = true;
        let (label, path) = (label(self.depth), path(self.krate));
        ours!(break #label #path::Flow::#way)
    }

    /// *Input:* `return value`. *Output:* `break 'festoon_with0 Flow::Return(returns.of(value))`.
    fn returned(&mut self, value: &ExprReturn) -> TokenStream {
        let at = ours_at(value.return_token.span);
        let value = value.expr.as_ref().map_or_else(|| quote_spanned!(at => ()), ToTokens::to_token_stream);
        let returns = returns(self.depth);
        self.leave(&quote_spanned!(at => Return(#returns.of(#value))))
    }

    /// *Input:* `value?`. *Output:* `match branch(value) { Continue(value) => value, Break(residual) => .. }`.
    fn tried(&mut self, tried: &ExprTry) -> TokenStream {
        let (at, value) = (ours_at(tried.question_token.span), &tried.expr);
        let (returns, residual) = (returns(self.depth), local("residual"));
        let leave = self.leave(&quote_spanned!(at => Return(#returns.residual(#residual))));
        let (path, flow) = (path(self.krate), quote!(::core::ops::ControlFlow));
        let branch = quote_spanned!(at => #path::Branch::branch(#value));
        ours! {
            match #branch {
                #flow::Continue(value) => value,
                #flow::Break(#residual) => #leave,
            }
        }
    }

    /// *Input:* `break 'outer value`. *Output:* `{ jump0_1 = Some(value); break 'festoon_with0 Flow::Jump(1) }`.
    fn broken(&mut self, jump: &ExprBreak) -> TokenStream {
        let slot = jump.expr.as_ref().map(|_| slot(self.depth, self.jumps.len()));
        let set = slot.as_ref().zip(jump.expr.as_ref());
        let set = set.map(|(slot, value)| ours!(#slot = ::core::option::Option::Some(#value);));
        let way = self.jump(jump.break_token.to_token_stream(), jump.label.clone(), slot);
        ours!({ #set #way })
    }

    fn continued(&mut self, jump: &ExprContinue) -> TokenStream {
        self.jump(jump.continue_token.to_token_stream(), jump.label.clone(), None)
    }

    fn jump(&mut self, keyword: TokenStream, label: Option<Lifetime>, slot: Option<Ident>) -> TokenStream {
        let index = self.jumps.len();
        self.jumps.push(Jump { keyword, label, slot });
        self.leave(&quote!(Jump(#index)))
    }

    fn is_inside(&self, label: Option<&Lifetime>) -> bool {
        label.map_or(self.loops > 0, |label| self.labels.iter().any(|known| known.ident == label.ident))
    }

    /// Visits a loop, or a block with a label.
    fn within(&mut self, label: Option<&Label>, loops: usize, walk: impl FnOnce(&mut Self)) {
        self.loops += loops;
        self.labels.extend(label.map(|label| label.name.clone()));
        walk(self);
        if label.is_some() {
            self.labels.pop();
        }
        self.loops -= loops;
    }

    /// The replacement of this expression, if it leads out of the block. Its parts have been visited.
    fn rewritten(&mut self, expr: &Expr) -> Option<TokenStream> {
        match expr {
            Expr::Return(value) => Some(self.returned(value)),
            Expr::Try(tried) => Some(self.tried(tried)),
            Expr::Break(jump) if !self.is_inside(jump.label.as_ref()) => Some(self.broken(jump)),
            Expr::Continue(jump) if !self.is_inside(jump.label.as_ref()) => Some(self.continued(jump)),
            _ => None,
        }
    }

    /// A macro may be replaced by other tokens.
    fn called(&mut self, call: &mut Macro) -> Option<Expr> {
        let tokens = super::calls::rewritten(call, self)?;
        self.errors.take(syn::parse2(tokens))
    }
}

impl VisitMut for Ways<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            // Jumps in these are their own.
            Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => return,
            Expr::Loop(it) => self.within(it.label.clone().as_ref(), 1, |this| this.visit_block_mut(&mut it.body)),
            Expr::While(it) => {
                self.visit_expr_mut(&mut it.cond);
                self.within(it.label.clone().as_ref(), 1, |this| this.visit_block_mut(&mut it.body));
            }
            Expr::ForLoop(it) => {
                self.visit_expr_mut(&mut it.expr);
                self.within(it.label.clone().as_ref(), 1, |this| this.visit_block_mut(&mut it.body));
            }
            Expr::Block(it) => self.within(it.label.clone().as_ref(), 0, |this| this.visit_block_mut(&mut it.block)),
            Expr::Macro(it) => {
                if let Some(other) = self.called(&mut it.mac) {
                    *expr = other;
                }
                return;
            }
            _ => visit_mut::visit_expr_mut(self, expr),
        }
        self.awaits |= matches!(expr, Expr::Await(_));
        if let Some(tokens) = self.rewritten(expr)
            && let Some(other) = self.errors.take(syn::parse2(tokens))
        {
            *expr = other;
        }
    }

    fn visit_stmt_mut(&mut self, stmt: &mut Stmt) {
        let Stmt::Macro(call) = stmt else { return visit_mut::visit_stmt_mut(self, stmt) };
        if let Some(other) = self.called(&mut call.mac) {
            *stmt = Stmt::Expr(other, call.semi_token);
        }
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}

    /// In patterns and types.
    fn visit_macro_mut(&mut self, _: &mut Macro) {}
}

/// The tokens of one expression, after the visit.
pub(super) fn walked(tokens: TokenStream, ways: &mut Ways) -> Option<TokenStream> {
    let mut expr = syn::parse2::<Expr>(tokens).ok()?;
    ways.visit_expr_mut(&mut expr);
    Some(quote!(#expr))
}

/// A part of a generated macro call, visited as well.
pub(super) fn walked_block(tokens: TokenStream, ways: &mut Ways) -> Option<TokenStream> {
    let mut expr = ways.errors.take(syn::parse2::<Expr>(tokens))?;
    ways.visit_expr_mut(&mut expr);
    Some(expr.to_token_stream())
}
