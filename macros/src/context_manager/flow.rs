//! Follows every path through a body and counts its yields: one before every end, except for an error.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::visit_mut::{self, VisitMut};
use syn::{Arm, Block, Expr, ExprReturn, Item, Label, Lifetime, Local, Macro, Stmt};

use super::function::Settings;
use super::yields::{Yields, without_yields, yields_in};
use crate::kit::{Errors, our_span, ours, ours_at};

/// Our local variables in the body.
pub(super) struct Names {
    pub(super) told: Ident,
    pub(super) yielder: Ident,
}

/// How many yields there may have been, as bits. No bit: no path leads here.
type Count = u8;
const NONE: Count = 1;
const ONE: Count = 2;
const MIXED: Count = NONE | ONE;

/// A loop or a labelled block that is being followed.
struct Around {
    label: Option<Lifetime>,
    is_loop: bool,
    breaks: Count,
    continues: Count,
}

/// Macros that diverge.
const DIVERGING: &[&str] = &["panic", "todo", "unimplemented", "unreachable", "bail"];

const ONCE: &str = "a context manager has to yield exactly once on every path";

pub(super) struct Flow<'f> {
    yields: &'f Yields,
    names: &'f Names,
    settings: &'f Settings,
    is_async: bool,
    errors: &'f mut Errors,
    count: Count,
    around: Vec<Around>,
    /// The positions of the yields.
    found: Vec<Span>,
    /// It has been reported that one of them may be skipped.
    is_mixed: bool,
}

impl<'f> Flow<'f> {
    pub(super) fn new(
        yields: &'f Yields,
        names: &'f Names,
        settings: &'f Settings,
        is_async: bool,
        errors: &'f mut Errors,
    ) -> Self {
        let (around, found) = (Vec::new(), Vec::new());
        Flow { yields, names, settings, is_async, errors, count: NONE, around, found, is_mixed: false }
    }

    /// Rewrites the body, and reports its mistakes.
    pub(super) fn walk(&mut self, name: &Ident, body: &mut Block) {
        let before = self.errors.is_empty();
        self.visit_block_mut(body);
        if self.found.is_empty() && before && self.errors.is_empty() {
            self.errors.at(name, format!("it never yields, but {ONCE}: write `yield_!(value)` where its scope runs"));
        } else if self.count == NONE && !self.yields.may_fail && self.errors.is_empty() {
            let end = body.brace_token.span.close();
            self.errors.at_span(end, format!("it may end without a yield, but {ONCE}"));
        }
        self.check_mixed();
    }

    /// *Output:* `done::<io::Result<()>, _>({ body }, told)`
    pub(super) fn end(&self, body: &Block) -> TokenStream {
        let at = ours_at(self.found.last().copied().unwrap_or_else(our_span));
        self.ended(self.count, &quote!(#body), at)
    }

    fn ended(&self, count: Count, value: &TokenStream, at: Span) -> TokenStream {
        let (path, returned) = (&self.settings.path, &self.yields.returned);
        if count == NONE && self.yields.may_fail && self.errors.is_empty() {
            return quote_spanned!(at => #path::refused(#value));
        }
        let mut told = self.names.told.clone();
        told.set_span(told.span().located_at(at));
        quote_spanned!(at => #path::done::<#returned, _>(#value, #told))
    }

    /// *Input:* `return value`. *Output:* `return done(value, told)`, or `return refused(value)` before the yield.
    fn returned(&mut self, value: &ExprReturn) -> TokenStream {
        if self.count == NONE {
            let is_ok = matches!(value.expr.as_deref(), Some(Expr::Call(call)) if is_ok(&call.func));
            if !self.yields.may_fail {
                self.errors.at(&value.return_token, format!("it returns without a yield, but {ONCE}"));
            } else if is_ok {
                self.errors.at(&value, format!("it returns before it yields, but {ONCE}: return an `Err` here"));
            }
        }
        self.check_mixed();
        let (keyword, at) = (&value.return_token, ours_at(value.return_token.span));
        let value = value.expr.as_ref().map_or_else(|| quote_spanned!(at => ()), ToTokens::to_token_stream);
        let ended = self.ended(self.count, &value, at);
        self.count = 0;
        quote!(#keyword #ended)
    }

    fn check_mixed(&mut self) {
        if let (MIXED, false, Some(first)) = (self.count, self.is_mixed, self.found.first()) {
            self.is_mixed = true;
            let help = "yield in the other branch too, or return an `Err` there";
            self.errors.at_span(*first, format!("this may be skipped, but {ONCE}: {help}"));
        }
    }

    /// *Input:* `yield_`, `value`. *Output:* `yield_!(@festoon told = yielder.yielded(value))`
    fn yielded(&mut self, door: &TokenStream, at: Span, value: Option<&mut Expr>) -> TokenStream {
        let value = value.map_or_else(
            || quote_spanned!(ours_at(at) => ()),
            |value| {
                self.visit_expr_mut(value);
                value.to_token_stream()
            },
        );
        if self.count & ONE != 0 {
            let help = "the code after the yield is the exit";
            self.errors.at_span(at, format!("this is a second yield, but {ONCE}: {help}"));
        }
        self.found.push(at);
        self.count = if self.count == 0 { 0 } else { ONE };
        let Names { told, yielder } = self.names;
        let call = quote_spanned!(ours_at(at) => #yielder.yielded(#value));
        quote_spanned!(ours_at(at) => #door!(@festoon #told = #call))
    }

    /// A macro with this name, or one whose tokens we cannot interpret.
    fn called(&mut self, call: &mut Macro) -> Option<Expr> {
        let name = call.path.segments.last()?.ident.clone();
        if name == "yield_" {
            let mut value = if call.tokens.is_empty() {
                None
            } else {
                Some(self.errors.take(syn::parse2::<Expr>(call.tokens.clone()))?)
            };
            let tokens = self.yielded(&call.path.to_token_stream(), name.span(), value.as_mut());
            return self.errors.take(syn::parse2(tokens));
        }
        self.refuse_inside(&call.tokens, "another macro: bind its value with a `let` before it");
        call.tokens = without_yields(call.tokens.clone());
        if DIVERGING.iter().any(|known| name == known) {
            self.count = 0;
        }
        None
    }

    /// Yields in something that has its own body. *Output:* whether there are any.
    fn refuse_inside(&mut self, tokens: &TokenStream, what: &str) -> bool {
        let found = yields_in(tokens);
        for at in &found {
            self.errors.at_span(*at, format!("the function itself has to yield, not {what}"));
        }
        self.found.extend(&found);
        !found.is_empty()
    }

    /// Joins paths: each with its count, and whether it may diverge, like a call of a `-> !` function.
    fn meet(&mut self, ways: &[(Count, bool)]) {
        let all = ways.iter().fold(0, |all, (count, _)| all | count);
        let certain = ways.iter().filter(|(_, may_diverge)| !may_diverge).fold(0, |all, (count, _)| all | count);
        self.count = match (all, certain) {
            // The compiler knows which of them lead here.
            (MIXED, 0) => ONE,
            (MIXED, certain) => certain,
            (all, _) => all,
        };
    }

    /// Follows a branch from here. *Output:* where it ends, and whether it may diverge.
    fn branch(&mut self, may_diverge: bool, walk: impl FnOnce(&mut Self)) -> (Count, bool) {
        let before = self.count;
        walk(self);
        (core::mem::replace(&mut self.count, before), may_diverge)
    }

    /// Follows a loop, or a labelled block.
    fn around(&mut self, label: Option<&Label>, is_loop: bool, walk: impl FnOnce(&mut Self)) -> Around {
        let label = label.map(|label| label.name.clone());
        self.around.push(Around { label, is_loop, breaks: 0, continues: 0 });
        let (before, found) = (self.count, self.found.len());
        walk(self);
        let around = self.around.pop().unwrap_or(Around { label: None, is_loop, breaks: 0, continues: 0 });
        let again = if is_loop { self.count | around.continues } else { 0 };
        if let Some(last) = self.found[found..].last().filter(|_| again & ONE != 0 && before & ONE == 0) {
            self.errors.at_span(*last, format!("this may yield again in the next iteration of the loop, but {ONCE}"));
            self.is_mixed = true;
        }
        around
    }

    /// `while`, `for`: it may also end before the first iteration.
    fn turns(&mut self, label: Option<&Label>, walk: impl FnOnce(&mut Self)) {
        let before = self.count;
        let around = self.around(label, true, walk);
        self.count |= before | around.breaks | around.continues;
    }

    fn jump(&mut self, label: Option<&Lifetime>, continues: bool) {
        let is_meant = |around: &&mut Around| match (label, &around.label) {
            (Some(label), Some(own)) => label.ident == own.ident,
            (Some(_), None) => false,
            (None, _) => around.is_loop,
        };
        let count = core::mem::take(&mut self.count);
        if let Some(around) = self.around.iter_mut().rev().find(is_meant) {
            *(if continues { &mut around.continues } else { &mut around.breaks }) |= count;
        }
    }

    fn visit_arms(&mut self, arms: &mut [Arm]) {
        let walk = |arm: &mut Arm, this: &mut Self| visit_mut::visit_arm_mut(this, arm);
        let ways: Vec<_> = arms
            .iter_mut()
            .map(|arm| {
                let may_diverge = may_diverge(&arm.body);
                self.branch(may_diverge, |this| walk(arm, this))
            })
            .collect();
        self.meet(&ways);
    }

    /// Control flow. *Output:* whether it was control flow.
    fn visit_control(&mut self, expr: &mut Expr) -> bool {
        match expr {
            Expr::If(it) => {
                self.visit_expr_mut(&mut it.cond);
                let then = self.branch(block_may_diverge(&it.then_branch), |this| {
                    this.visit_block_mut(&mut it.then_branch);
                });
                let otherwise = match &mut it.else_branch {
                    Some((_, other)) => self.branch(may_diverge(other), |this| this.visit_expr_mut(other)),
                    None => (self.count, false),
                };
                self.meet(&[then, otherwise]);
            }
            Expr::Match(it) => {
                self.visit_expr_mut(&mut it.expr);
                self.visit_arms(&mut it.arms);
            }
            Expr::Binary(it) if matches!(it.op, syn::BinOp::And(_) | syn::BinOp::Or(_)) => {
                self.visit_expr_mut(&mut it.left);
                let right = self.branch(false, |this| this.visit_expr_mut(&mut it.right));
                self.meet(&[(self.count, false), right]);
            }
            Expr::Loop(it) => {
                self.count = self.around(it.label.as_ref(), true, |this| this.visit_block_mut(&mut it.body)).breaks;
            }
            Expr::While(it) => {
                self.visit_expr_mut(&mut it.cond);
                self.turns(it.label.as_ref(), |this| this.visit_block_mut(&mut it.body));
            }
            Expr::ForLoop(it) => {
                self.visit_expr_mut(&mut it.expr);
                self.turns(it.label.as_ref(), |this| this.visit_block_mut(&mut it.body));
            }
            Expr::Block(it) => {
                let around = self.around(it.label.as_ref(), false, |this| this.visit_block_mut(&mut it.block));
                self.count |= around.breaks;
            }
            _ => return false,
        }
        true
    }
}

impl VisitMut for Flow<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Closure(it) => {
                let body = it.body.to_token_stream();
                if self.refuse_inside(&body, "a closure in it") {
                    *it.body = Expr::Verbatim(without_yields(body));
                }
            }
            Expr::Async(it) => {
                let block = it.block.to_token_stream();
                if self.refuse_inside(&block, "an `async` block in it") {
                    let (moves, block) = (&it.capture, without_yields(block));
                    *expr = Expr::Verbatim(quote!(async #moves #block));
                }
            }
            Expr::Try(it) => {
                self.visit_expr_mut(&mut it.expr);
                if !self.yields.may_fail {
                    let message = "this context manager has no error to return: write `-> Result<Yields<T>, E>`";
                    let (tried, mistake) =
                        (&it.expr, syn::Error::new_spanned(it.question_token, message).to_compile_error());
                    *expr = Expr::Verbatim(ours!(match #tried { _ => #mistake }));
                }
            }
            Expr::Const(_) => {}
            Expr::Macro(it) => {
                if let Some(other) = self.called(&mut it.mac) {
                    *expr = other;
                }
            }
            Expr::Yield(it) => {
                let krate = &self.settings.krate;
                let door = quote!(#krate::yield_);
                let tokens = self.yielded(&door, it.yield_token.span, it.expr.as_deref_mut());
                if let Some(other) = self.errors.take(syn::parse2(tokens)) {
                    *expr = other;
                }
            }
            Expr::Return(it) => {
                visit_mut::visit_expr_return_mut(self, it);
                let tokens = self.returned(it);
                if let Some(other) = self.errors.take(syn::parse2(tokens)) {
                    *expr = other;
                }
            }
            Expr::Break(it) => {
                visit_mut::visit_expr_break_mut(self, it);
                self.jump(it.label.as_ref(), false);
            }
            Expr::Continue(it) => self.jump(it.label.as_ref(), true),
            Expr::Await(it) if !self.is_async => {
                self.errors.at(&it.await_token, "a sync `fn` cannot await: write `async fn`");
            }
            _ => {
                if !self.visit_control(expr) {
                    visit_mut::visit_expr_mut(self, expr);
                }
            }
        }
    }

    fn visit_stmt_mut(&mut self, stmt: &mut Stmt) {
        let Stmt::Macro(call) = stmt else { return visit_mut::visit_stmt_mut(self, stmt) };
        if let Some(other) = self.called(&mut call.mac) {
            *stmt = Stmt::Expr(other, call.semi_token);
        }
    }

    fn visit_local_mut(&mut self, local: &mut Local) {
        let Some(init) = &mut local.init else { return };
        self.visit_expr_mut(&mut init.expr);
        if let Some((_, diverges)) = &mut init.diverge {
            self.branch(true, |this| this.visit_expr_mut(diverges));
        }
    }

    /// They have their own bodies.
    fn visit_item_mut(&mut self, _: &mut Item) {}

    /// In patterns and types.
    fn visit_macro_mut(&mut self, _: &mut Macro) {}
}

fn is_yield(call: &Macro) -> bool {
    call.path.segments.last().is_some_and(|last| last.ident == "yield_")
}

fn is_ok(function: &Expr) -> bool {
    matches!(function, Expr::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Ok"))
}

/// Could it diverge, by calling a function that never returns, or a macro?
fn may_diverge(expr: &Expr) -> bool {
    match expr {
        Expr::Macro(call) => !is_yield(&call.mac),
        Expr::Block(block) => block_may_diverge(&block.block),
        Expr::Unsafe(block) => block_may_diverge(&block.block),
        _ => matches!(
            expr,
            Expr::Call(_) | Expr::MethodCall(_) | Expr::Match(_) | Expr::If(_) | Expr::Await(_) | Expr::Paren(_)
        ),
    }
}

fn block_may_diverge(block: &Block) -> bool {
    match block.stmts.last() {
        Some(Stmt::Expr(expr, _)) => may_diverge(expr),
        Some(Stmt::Macro(call)) => !is_yield(&call.mac),
        _ => false,
    }
}
