//! `#[timed]`: how long each call takes, and how it ends.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use crate::kit::{Decorator, Errors, Func, Krate, Length, Options, site};

/// The options of `#[timed]`.
struct Timed {
    name: Option<TokenStream>,
    warn_over: Option<Length>,
}

/// Reads them.
pub(crate) fn read(options: &mut Options) -> Box<dyn Decorator> {
    Box::new(Timed { name: options.text("name"), warn_over: options.length("warn_over") })
}

impl Decorator for Timed {
    fn check(&self, _: &Func, _: &mut Errors) {}

    /// *Input:* `{ work }`. *Output:* one of
    /// `let timer = start(site, || ()); { work }` (nothing to look at),
    /// `call(site, || (), move || -> Ret { work })` (the value may be an error),
    /// `poll(site, || (), async move { work }).await`.
    fn expand(&self, func: &mut Func, krate: &Krate) {
        let timed = krate.private("timed");
        let site_expr = self.site(&timed);
        let kind = func.outcome(krate);
        let body = &func.body;
        func.body = if func.is_async() {
            let body = func.pinned_body(krate);
            quote_spanned!(site() => #timed::poll(#site_expr, || (), async move { #body }, #kind).await)
        } else if func.may_be_result() && !func.has_attribute("track_caller") {
            let output = func.closure_output();
            quote_spanned!(site() => #timed::call(#site_expr, || (), move || #output { #body }, #kind))
        } else {
            quote_spanned!(site() => let timer = #timed::start(#site_expr, || ()); #body)
        };
    }
}

impl Timed {
    /// The function's own static, out of sight of its body.
    fn site(&self, timed: &TokenStream) -> TokenStream {
        let name = self.name.as_ref().map(|name| quote!(.name(#name)));
        let warn_over = self.warn_over.as_ref().map(|over| quote!(.warn_over(#over)));
        quote_spanned!(site() => {
            static FESTOON_SITE: #timed::Site = #timed::Site::new(#timed::Settings::NONE #name #warn_over);
            &FESTOON_SITE
        })
    }
}
