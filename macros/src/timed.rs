//! `#[timed]`: how long each call takes, and how it ends.

mod field;
mod span;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{BinOp, Expr, ExprBinary};

use self::span::{CallSpan, LEVELS};
use crate::kit::{
    Amount, Decorator, DurationValue, Errors, Func, Krate, Options, expr, is_punct, named, numbered, our_span, ours,
    ours_at, split, static_site, text,
};

/// The options of `#[timed]`.
struct Timed {
    name: Option<TokenStream>,
    warn_over: Option<DurationValue>,
    warn_every: Option<DurationValue>,
    target: Option<TokenStream>,
    level: Option<&'static str>,
    args: Vec<TokenStream>,
    sample: Option<u32>,
    span: Option<CallSpan>,
}

/// Reads them.
pub(crate) fn read(options: &mut Options) -> Box<dyn Decorator> {
    let name = options.text("name");
    let warn_over = options.length("warn_over");
    let span = span::read(options);
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
    if let Some(span) = &timed.span {
        refuse_twice(options, &timed, span);
    }
    Box::new(timed)
}

/// What the span has of its own.
fn refuse_twice(options: &mut Options, timed: &Timed, span: &CallSpan) {
    if timed.warn_over.is_none() && timed.target.is_some() && span.target.is_some() {
        options.refuse("target", "the span has a target of its own, and there is no other event: remove this one");
    }
    for arg in timed.args.iter().filter(|arg| span.has_field_of(arg)) {
        options.error(arg, "`args` adds a field of this name to the span, which has one: remove one of them");
    }
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
            (None, None) => match expr(part.clone()) {
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
        if let Some(span) = &self.span {
            span.check(func, errors);
        }
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
        let inside = ours!(::core::any::type_name_of_val(&|| ()));
        let (with, arguments) = self.arguments(&timed);
        let shared = self.shared();
        let span = self
            .span
            .as_ref()
            .map(|span| (span, span.create(func, &shared, krate), span.tell(func, &kind, &shared, krate)));
        if let Some(span) = &self.span {
            func.option = span.owners();
        }
        if func.is_async() {
            let (poll, future) = (format_ident!("poll{with}"), func.future(krate));
            let call = ours!(#timed::#poll(#site_expr, #inside #arguments, #future, #kind));
            let call = match span {
                None => call,
                Some((span, created, tell)) => span.around(&created, &call, &tell, krate),
            };
            func.run(&call, &future, krate);
            return;
        }
        // Around the timer, so that the time a subscriber spends on the span is not counted as the function's.
        let entered = span.as_ref().map(|(span, created, _)| span.enter(created, krate));
        let start = match &arguments {
            Some(_) if self.sample.is_some() => quote!(sample),
            Some(_) => quote!(start_with),
            None => quote!(start),
        };
        let sees_value = func.may_be_result() || self.span.as_ref().is_some_and(CallSpan::sees_value);
        let returns = sees_value && !func.has_attribute("track_caller");
        let call = if returns { quote!(that_returns) } else { quote!(unmeasured) };
        let start = ours!(let mut call = #timed::Call::#call();
            let timer = call.#start(#site_expr, #inside #arguments);
        );
        func.body = if returns {
            let value = func.value(krate);
            let told = span.map(|(span, _, tell)| span.tell_of_value(&tell, krate));
            ours!(#entered #start let value = #value; timer.ended(&value, #kind); #told value)
        } else {
            let body = &func.body;
            ours!(#entered #start #body)
        };
    }
}

impl Timed {
    /// What the span takes over.
    fn shared(&self) -> span::Shared<'_> {
        span::Shared { name: self.name.as_ref(), target: self.target.as_ref(), args: &self.args }
    }

    /// The function's own static, out of sight of its body.
    fn site(&self, krate: &Krate) -> TokenStream {
        let (timed, place) = (&krate.private("timed"), krate.place());
        let name = self.name.as_ref().map(|name| quote!(.name(#name)));
        let warn_over = self.warn_over.as_ref().map(|over| quote!(.warn_over(#over)));
        let warn_every = self.warn_every.as_ref().map(|every| quote!(.warn_every(#every)));
        let sample = self.sample.map(|one_in| quote!(.sample(#one_in)));
        let event = self.event(timed);
        let settings = quote!(#timed::Settings::NONE #name #warn_over #warn_every #sample #event);
        static_site(&quote!(#timed::TimedSite), &quote!(#settings, #place))
    }

    /// A `tracing` event needs its target and level at compile time, so the event is here and not in the runtime.
    fn event(&self, timed: &TokenStream) -> Option<TokenStream> {
        if self.warn_over.is_none() || (self.target.is_none() && self.level.is_none()) {
            return None;
        }
        let target = self.target.clone().unwrap_or_else(|| quote!("festoon"));
        let level = Ident::new(&self.level.unwrap_or("warn").to_uppercase(), our_span());
        Some(quote!(.event(#timed::slow_event!(#target, #level))))
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
        let shown = ours!(, {
            let (#(#locals,)*) = (#(#kept,)*);
            #timed::Shown(move |list: &mut #timed::List<'_, '_>| {
                #(list.add(#names, #values)?;)*
                ::core::result::Result::Ok(())
            })
        });
        ("_with", Some(shown))
    }
}
