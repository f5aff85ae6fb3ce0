//! The number and duration of attempts: `attempts`, `within` and `budget`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Expr, ExprLit, Lit};

use super::positive;
use crate::kit::{Amount, DurationValue, Errors, Func, Options, located_at, mentions, our_span, ours, text};

pub(super) struct Limits {
    attempts: Option<Attempts>,
    within: Option<DurationValue>,
    budget: Option<Budget>,
}

enum Attempts {
    Some(Amount),
    Unlimited(TokenStream),
}

enum Budget {
    Named(TokenStream),
    Value(TokenStream),
}

impl Limits {
    pub(super) fn read(options: &mut Options) -> Self {
        Limits {
            attempts: read_attempts(options),
            within: positive(options, "within", "there would be no time for any retry"),
            budget: options.value("budget").map(read_budget),
        }
    }

    /// There has to be a limit.
    pub(super) fn check(&self, func: &Func, errors: &mut Errors) {
        if let (Some(Attempts::Unlimited(written)), None, false) = (&self.attempts, &self.within, func.is_async()) {
            let message = "this call might never end: add `within = 30s`, or make the function `async`, whose calls can be \
                           cancelled";
            errors.at(written, message);
        }
    }

    /// For the documentation: `at most 5 attempts within 30s`.
    pub(super) fn words(&self) -> String {
        let attempts = match &self.attempts {
            None => "at most 3 attempts".to_owned(),
            Some(Attempts::Unlimited(_)) => "any number of attempts".to_owned(),
            Some(Attempts::Some(Amount::Known(1, _))) => "one attempt".to_owned(),
            Some(Attempts::Some(attempts)) => {
                format!("at most {} attempts", quoted_unless_known(attempts.known(), attempts))
            }
        };
        let within = self.within.as_ref();
        let within = within.map(|length| match length.known() {
            Some(known) => format!(" within {known:?}"),
            None => format!(" within `{}`", text(length)),
        });
        attempts + &within.unwrap_or_default()
    }

    /// The part that is known at compile time.
    pub(super) fn in_policy(&self, retry: &TokenStream) -> TokenStream {
        match &self.attempts {
            Some(Attempts::Some(attempts @ Amount::Known(..))) => attempts.to_token_stream(),
            Some(Attempts::Unlimited(_)) => quote!(#retry::Policy::UNLIMITED),
            _ => quote!(#retry::Policy::ATTEMPTS),
        }
    }

    /// The part that is only known when the function is called.
    pub(super) fn tokens(&self, func: &Func, retry: &TokenStream) -> TokenStream {
        let limits = self.given(func, retry);
        match &self.budget {
            None => limits,
            Some(Budget::Value(budget)) => {
                let new = located_at(
                    quote!(#retry::budgeted),
                    budget.clone().into_iter().next().map_or(our_span(), |token| token.span()),
                );
                ours!(#new(#limits, &#budget))
            }
            Some(Budget::Named(name)) => ours!(#retry::budgeted(#limits, {
                static FESTOON_BUDGET: #retry::NamedBudget = #retry::NamedBudget::new(#name);
                FESTOON_BUDGET.get()
            })),
        }
    }

    fn given(&self, func: &Func, retry: &TokenStream) -> TokenStream {
        let attempts = match &self.attempts {
            Some(Attempts::Some(Amount::Expr(expr))) => Some(expr),
            _ => None,
        };
        let wants_time = returns_story(func);
        if attempts.is_none() && self.within.is_none() && !wants_time {
            return quote!(#retry::Known);
        }
        let (attempts, within) = (optional(attempts), optional(self.within.as_ref()));
        let started = wants_time.then(|| quote!(.started()));
        quote!(#retry::Given::new(#attempts, #within)#started)
    }
}

fn quoted_unless_known(known: Option<u64>, amount: &Amount) -> String {
    known.map_or_else(|| format!("`{}`", text(amount)), |known| known.to_string())
}

fn optional(value: Option<&impl ToTokens>) -> TokenStream {
    value.map_or_else(|| quote!(::core::option::Option::None), |value| quote!(::core::option::Option::Some(#value)))
}

/// Is the return type written with a `RetryError`?
pub(super) fn returns_story(func: &Func) -> bool {
    mentions(&func.output_type().to_token_stream(), &Ident::new("RetryError", Span::call_site()))
}

fn read_attempts(options: &mut Options) -> Option<Attempts> {
    let tokens = options.tokens("attempts")?;
    if tokens.to_string() == "unlimited" {
        return Some(Attempts::Unlimited(tokens));
    }
    let attempts = options.convert(&tokens, Amount::count)?;
    match attempts.known() {
        Some(0) => options.error(&attempts, "the first call is an attempt too: `attempts` has to be at least 1"),
        Some(many) if u32::try_from(many).is_err() => {
            options.error(&attempts, format!("`attempts` has to be at most {}, or `unlimited`", u32::MAX));
        }
        _ => {}
    }
    Some(Attempts::Some(attempts))
}

/// `budget = "shop"`, `budget = BUDGET`
fn read_budget(value: TokenStream) -> Budget {
    match syn::parse2(value.clone()) {
        Ok(Expr::Lit(ExprLit { lit: Lit::Str(_), .. })) => Budget::Named(value),
        _ => Budget::Value(value),
    }
}
