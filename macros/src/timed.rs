//! `#[timed]`: how long each call takes, and how it ends.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{BinOp, Expr, ExprBinary};

use crate::kit::{
    Amount, Decorator, Errors, Func, Krate, Length, Options, is_punct, named, numbered, ours_at, site, split,
    static_site, text, whole,
};

/// The options of `#[timed]`.
struct Timed {
    name: Option<TokenStream>,
    warn_over: Option<Length>,
    warn_every: Option<Length>,
    target: Option<TokenStream>,
    level: Option<&'static str>,
    args: Vec<TokenStream>,
    sample: Option<u32>,
    /// The level of the span, if there is one.
    span: Option<&'static str>,
}

/// The levels of `tracing`; a span has the first one by default.
const LEVELS: &[&str] = &["info", "error", "warn", "debug", "trace"];

/// Reads them.
pub(crate) fn read(options: &mut Options) -> Box<dyn Decorator> {
    let name = options.text("name");
    let warn_over = options.length("warn_over");
    let span = span(options);
    let timed = Timed {
        name,
        warn_every: options.length("warn_every"),
        target: options.text("target"),
        level: level(options, warn_over.is_none() && span.is_some()),
        args: args(options),
        sample: sample(options),
        warn_over,
        span,
    };
    if timed.warn_over.is_none() {
        let names: &[&str] = if timed.span.is_some() { &["warn_every"] } else { &["warn_every", "level"] };
        for name in names {
            options.refuse(name, format!("`{name}` applies to events for slow calls: add `warn_over = 250ms`"));
        }
    }
    if timed.warn_over.is_none() && timed.span.is_none() {
        for name in ["target", "args"] {
            let message = "is for the event of a slow call, or for the span: add `warn_over = 250ms`, or `span`";
            options.refuse(name, format!("`{name}` {message}"));
        }
    }
    Box::new(timed)
}

/// `span` or `span = debug`
fn span(options: &mut Options) -> Option<&'static str> {
    if let Some(name) = options.literal_text("span").filter(|text| !LEVELS.contains(&text.as_str())) {
        let _ = options.tokens("span");
        options.refuse("span", format!("`span` takes a level, not a name: write `span, name = \"{name}\"`"));
        return None;
    }
    options.flag_or_choice("span", LEVELS)
}

/// The level of the event. Without `warn_over`, next to a span, it is meant for the span.
fn level(options: &mut Options, is_spans: bool) -> Option<&'static str> {
    if !is_spans || options.key("level").is_none() {
        return options.choice("level", LEVELS);
    }
    let word = options.tokens("level").map(|tokens| tokens.to_string().trim_matches('"').to_lowercase());
    let known = word.filter(|word| LEVELS.contains(&word.as_str())).unwrap_or_else(|| "debug".to_owned());
    options.refuse("level", format!("`level` applies to events for slow calls: write `span = {known}` for the span"));
    None
}

/// `args(id, sku.len())`
fn args(options: &mut Options) -> Vec<TokenStream> {
    let mut args = Vec::new();
    for part in options.group("args").map(split).unwrap_or_default() {
        let sigil =
            part.clone().into_iter().next().filter(|first| is_punct(Some(first), '%') || is_punct(Some(first), '?'));
        let message = match (sigil, named(&part)) {
            (Some(_), _) => {
                let plain: TokenStream = part.clone().into_iter().skip(1).collect();
                format!("arguments are formatted with `Debug`: write `args({})`", text(&plain))
            }
            (None, Some((_, value))) => {
                format!("an argument is named by its expression: write `args({})`", text(&value))
            }
            (None, None) => match whole(part.clone()) {
                Ok(part) => {
                    args.push(part);
                    continue;
                }
                Err(message) => message,
            },
        };
        options.error(&part, message);
    }
    args
}

/// *Input:* `1/16`. *Output:* 16.
fn sample(options: &mut Options) -> Option<u32> {
    let tokens = options.tokens("sample")?;
    let one_in = match syn::parse2::<ExprBinary>(tokens.clone()) {
        Ok(ExprBinary { left, op: BinOp::Div(_), right, .. }) if number(&left) == Some(1) => number(&right),
        _ => None,
    };
    let one_in = one_in.and_then(|count| u32::try_from(count).ok()).filter(|count| *count > 0);
    if one_in.is_none() {
        options.error(&tokens, "`sample` is the share of calls that is measured: write `1/16`");
    }
    one_in
}

fn number(expr: &Expr) -> Option<u64> {
    Amount::count(expr.to_token_stream()).ok()?.known()
}

impl Decorator for Timed {
    fn check(&self, func: &Func, errors: &mut Errors) {
        func.check_constant("warn_over", self.warn_over.as_ref(), errors);
        func.check_constant("warn_every", self.warn_every.as_ref(), errors);
    }

    /// *Input:* `{ work }`. *Output:* one of
    /// `let mut call = Call::unmeasured(); let timer = call.start(site, type_name_of_val(&|| ())); { work }` (if the
    /// value is not inspected), the same with `that_returns()`, and
    /// `let value = once(move || -> Ret { work })(); timer.ended(&value, kind); value` (if the value may be an error),
    /// `poll(site, type_name_of_val(&|| ()), async move { work }).await`, or the same with `_with` and arguments to
    /// show; with a span, `let span = span!(..).entered();` goes before, and a future is
    /// `spanned(poll(..), span!(..)).await`.
    fn expand(&self, func: &mut Func, krate: &Krate) {
        let timed = krate.private("timed");
        let site_expr = self.site(krate);
        let kind = func.outcome(krate);
        let inside = quote_spanned!(site() => ::core::any::type_name_of_val(&|| ()));
        let (with, arguments) = self.arguments(&timed);
        let span = self.span(func, krate);
        if func.is_async() {
            let (poll, future) = (format_ident!("poll{with}"), func.future(krate));
            let call = quote_spanned!(site() => #timed::#poll(#site_expr, #inside #arguments, #future, #kind));
            let call = match span {
                None => call,
                Some(span) => quote_spanned!(site() => #timed::spanned(#span, #call)),
            };
            func.run(&call, &future, krate);
            return;
        }
        // Around the timer, so that the time a subscriber spends on the span is not counted as the function's.
        let entered = span.map(|span| quote_spanned!(site() => let span = #span.entered();));
        let start = match &arguments {
            Some(_) if self.sample.is_some() => quote!(sample),
            Some(_) => quote!(start_with),
            None => quote!(start),
        };
        let returns = func.may_be_result() && !func.has_attribute("track_caller");
        let call = if returns { quote!(that_returns) } else { quote!(unmeasured) };
        let start = quote_spanned!(site() =>
            let mut call = #timed::Call::#call();
            let timer = call.#start(#site_expr, #inside #arguments);
        );
        func.body = if returns {
            let value = func.value(krate);
            quote_spanned!(site() => #entered #start let value = #value; timer.ended(&value, #kind); value)
        } else {
            let body = &func.body;
            quote_spanned!(site() => #entered #start #body)
        };
    }
}

impl Timed {
    /// The function's own static, out of sight of its body.
    fn site(&self, krate: &Krate) -> TokenStream {
        let (timed, place) = (&krate.private("timed"), krate.place());
        let name = self.name.as_ref().map(|name| quote!(.name(#name)));
        let warn_over = self.warn_over.as_ref().map(|over| quote!(.warn_over(#over)));
        let warn_every = self.warn_every.as_ref().map(|every| quote!(.warn_every(#every)));
        let sample = self.sample.map(|one_in| quote!(.sample(#one_in)));
        let event = self.event(timed);
        let settings = quote!(#name #warn_over #warn_every #sample #event);
        static_site(&quote!(#timed::Site), &quote!(#timed::Site::new(#timed::Settings::NONE #settings, #place)))
    }

    /// A `tracing` event needs its target and level at compile time, so the event is here and not in the runtime.
    fn event(&self, timed: &TokenStream) -> Option<TokenStream> {
        if self.warn_over.is_none() || (self.target.is_none() && self.level.is_none()) {
            return None;
        }
        let target = self.target.clone().unwrap_or_else(|| quote!("festoon"));
        let level = Ident::new(&self.level.unwrap_or("warn").to_uppercase(), site());
        Some(quote!(.event(#timed::slow_event!(#target, #level))))
    }

    /// *Input:* `span = debug, args(id)` on `fn price`. *Output:*
    /// `span!(target: module_path!(), DEBUG, "price", "id" = ?id)`: its call site is a static in the function's own
    /// module.
    fn span(&self, func: &Func, krate: &Krate) -> Option<TokenStream> {
        let level = Ident::new(&self.span?.to_uppercase(), site());
        let tracing = krate.private("tracing");
        let target = self.target.clone().unwrap_or_else(|| quote!(::core::module_path!()));
        let name = self.name.clone().unwrap_or_else(|| func.sig.ident.unraw().to_string().into_token_stream());
        let fields = self.args.iter().map(|arg| {
            let name = arg.to_string();
            quote!(, #name = #tracing::field::debug(&#arg))
        });
        Some(quote_spanned!(site() => #tracing::span!(target: #target, #tracing::Level::#level, #name #(#fields)*)))
    }

    /// *Input:* `args(id, sku.len())`. *Output:* `_with`, and a closure that shows what was stored at the start: a
    /// clone of a plain name (for a reference, the reference), the value of any other expression.
    fn arguments(&self, timed: &TokenStream) -> (&'static str, Option<TokenStream>) {
        if self.args.is_empty() || self.warn_over.is_none() {
            return if self.sample.is_some() { ("_with", Some(quote!(, #timed::NoArguments))) } else { ("", None) };
        }
        let locals: Vec<Ident> = (0..self.args.len()).map(|at| numbered("shown", at)).collect();
        let kept = self.args.iter().map(|arg| match syn::parse2::<Ident>(arg.clone()) {
            Ok(name) => quote_spanned!(name.span() => ::core::clone::Clone::clone(&#name)),
            Err(_) => arg.clone(),
        });
        let names = self.args.iter().map(TokenStream::to_string);
        // With the span of the user's argument, so that a missing `Debug` is reported there.
        let values = self.args.iter().zip(&locals).map(|(arg, local)| {
            let local = Ident::new(&local.to_string(), ours_at(arg.span()));
            quote_spanned!(ours_at(arg.span()) => &#local)
        });
        let shown = quote_spanned!(site() => , {
            let (#(#locals,)*) = (#(#kept,)*);
            #timed::Shown(move |list: &mut #timed::List<'_, '_>| {
                #(list.add(#names, #values)?;)*
                ::core::result::Result::Ok(())
            })
        });
        ("_with", Some(shown))
    }
}
