//! `#[offload(queue)]`: the call runs in another process, on any machine, which takes it from a queue.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::FnArg;
use syn::spanned::Spanned;

use super::remote::{self, Remote};
use crate::kit::{
    Amount, DurationValue, Errors, Func, Krate, Options, bound_names, in_manifest, is_unused, mentions, ours, ours_at,
    plain_name,
};

const REMOTE: Remote = Remote {
    place: "a worker",
    result: "a queue may be out of reach: return a `Result<.., festoon::QueueError>`, or one with an error of your own \
             that implements `From<QueueError>`",
};

/// The options that only make sense with a queue.
const OWN: [&str; 5] = ["name", "key", "store", "result_ttl", "max_deliveries"];

/// The options of other ways to run a call, and what to write instead.
const OTHERS: [(&str, &str); 6] = [
    ("timeout", "write `#[timeout(2s)]` below `#[offload]` to end a job, or above it to end the waiting"),
    ("workers", "a worker sets how many jobs it runs: write `festoon::worker().concurrency(4)`"),
    ("memory", "start the program that calls `festoon::worker()` with that limit"),
    ("nice", "start the program that calls `festoon::worker()` with that priority"),
    ("max_calls", "restart the program that calls `festoon::worker()` as often as you like"),
    ("pool", "a worker starts a thread for each plain function that it runs, so remove `pool`"),
];

/// Its options.
pub(super) struct Queue {
    /// That of the queue; without one, the default.
    called: Option<TokenStream>,
    name: Option<TokenStream>,
    key: Option<TokenStream>,
    store: Option<Store>,
    result_ttl: Option<DurationValue>,
    max_deliveries: Option<Amount>,
}

impl Queue {
    /// Reads them; `None` without `queue`, where each of them is a mistake.
    pub(super) fn read(options: &mut Options) -> Option<Self> {
        let at = options.flag_or_value("queue");
        let is_absent = options.key("queue").is_none();
        for name in OWN.iter().filter(|_| is_absent) {
            options.refuse(name, format!("`{name}` belongs to a queue: write `#[offload(queue, {name} = ..)]`"));
        }
        if let Some((at, _)) = &at {
            check_feature(*at, options);
            options
                .refuse("process", "a call runs in a worker process or through a queue: remove `process` or `queue`");
        }
        let queue = Queue {
            name: options.text("name"),
            key: options.value("key"),
            store: Store::read(options, at.is_some()),
            result_ttl: options.length("result_ttl"),
            max_deliveries: options.count("max_deliveries"),
            called: at?.1,
        };
        for (name, instead) in OTHERS {
            options.refuse(name, format!("a queue has no `{name}`: {instead}"));
        }
        queue.check_empty(options);
        Some(queue)
    }

    /// Only its own options are suggested, once all have been read.
    pub(super) fn forget_others(options: &mut Options) {
        options.forget(&["process"]);
        options.forget(&OTHERS.map(|(name, _)| name));
    }

    fn check_empty(&self, options: &mut Options) {
        if is_empty(self.called.as_ref()) {
            options.error(&self.called, "a queue needs a name: write `queue = \"mail\"`, or `queue` for the default");
        }
        if is_empty(self.name.as_ref()) {
            options.error(&self.name, "workers find the function by its name: remove `name`, or write one");
        }
        if self.result_ttl.as_ref().and_then(DurationValue::known).is_some_and(|ttl| ttl.is_zero()) {
            options.refuse("result_ttl", "nobody could get a result in time: expected more than zero");
        }
        if self.max_deliveries.as_ref().and_then(Amount::known) == Some(0) {
            options.refuse("max_deliveries", "expected more than zero: remove `max_deliveries` for the default");
        }
    }

    pub(super) fn check(&self, func: &Func, errors: &mut Errors) {
        REMOTE.check(func, errors);
        if func.is_async() && func.sig.asyncness.is_none() {
            errors.at(&func.sig.output, "write `async fn`, so that a worker can create the future as well");
        }
        for (option, value) in [("queue", &self.called), ("name", &self.name)] {
            func.check_constant(option, value.as_ref(), errors);
        }
        func.check_constant("result_ttl", self.result_ttl.as_ref(), errors);
        func.check_constant("max_deliveries", self.max_deliveries.as_ref(), errors);
        self.check_key(func, errors);
        self.check_store(func, errors);
    }

    /// It is evaluated outside of a call.
    fn check_store(&self, func: &Func, errors: &mut Errors) {
        let Some(store) = &self.store else { return };
        if let Some(name) = func.bound_arguments().iter().find(|name| mentions(&store.written, name)) {
            let message = format!("the server is that of all calls, but `{name}` is an argument of one call");
            errors.at(&store.written, message);
        }
    }

    /// The parameters get names of ours, unless they have names.
    fn check_key(&self, func: &Func, errors: &mut Errors) {
        let Some(key) = &self.key else { return };
        for input in &func.sig.inputs {
            let FnArg::Typed(typed) = input else { continue };
            let is_kept = plain_name(&typed.pat).is_some_and(|name| !is_unused(name));
            if !is_kept && let Some(name) = bound_names(&typed.pat).iter().find(|name| mentions(key, name)) {
                errors.at(
                    &typed.pat,
                    format!(
                        "`key` needs this argument by a name: write `name: ..`, and take `{name}` \
                     out of it in the body"
                    ),
                );
            }
        }
    }

    /// *Output:* `Spec::new("f", &festoon_inside).queue("mail").store(|| Redis::new(..))`.
    fn spec(&self, func: &Func, krate: &Krate) -> TokenStream {
        let private = krate.private("queue");
        let function = func.sig.ident.to_string();
        let own = || ours!(::core::concat!(::core::module_path!(), "::", #function));
        let name = self.name.clone().unwrap_or_else(own);
        let queue = self.called.as_ref().map(|queue| ours!(.queue(#queue)));
        let store = self.store.as_ref().map(|store| store.setting(krate));
        let result_ttl = self.result_ttl.as_ref().map(|ttl| ours!(.result_ttl(#ttl)));
        let max_deliveries = self.max_deliveries.as_ref().map(|most| ours!(.max_deliveries(#most)));
        ours!(#private::Spec::new(#name, &festoon_inside) #queue #store #result_ttl #max_deliveries)
    }

    /// *Output:* `request(&ARGUMENTS, (&a, &b), Some(key(&(key))))`.
    fn request(&self, names: &[proc_macro2::Ident], private: &TokenStream) -> TokenStream {
        let key = self.key.as_ref().map(|key| {
            let shown = quote_spanned!(ours_at(key.span())=> #private::key(&(#key)));
            quote!(::core::option::Option::Some(#shown))
        });
        let key = key.unwrap_or_else(|| quote!(::core::option::Option::None));
        ours!(#private::request(&FESTOON_ARGUMENTS, (#(&#names,)*), #key))
    }

    /// *Input:* `async fn f(a: A) -> R { work }`. *Output:* `async fn f(a: A) -> R { const ARGUMENTS: (Codec<A>,) = ..;
    /// const OUTCOME: Outcome<R> = ..; static ENTRY: Entry = Entry::new(Spec::new("f", ..), |bytes, left| serve_async(bytes,
    /// left, &ARGUMENTS, &OUTCOME, |a: A| async move { work })); call(ENTRY.spec(), OUTCOME, request(&ARGUMENTS, (&a,),
    /// None)).await }`.
    pub(super) fn expand(&self, func: &mut Func, krate: &Krate) {
        let private = krate.private("queue");
        let (spec, constants) = (self.spec(func, krate), constants(func, &private));
        let (output, outcome) = (func.output(), remote::outcome(func, &private));
        let parameters = func.take_parameters(ToTokens::to_token_stream);
        let names = func.argument_names();
        let (serve, work) = if func.is_async() {
            let body = func.pinned_body(krate);
            (ours!(serve_async), ours!(|#(#parameters),*| async move { #body }))
        } else {
            let body = &func.body;
            (ours!(serve), ours!(|#(#parameters),*| -> #output { #body }))
        };
        let request = self.request(&names, &private);
        func.option = self.key.to_token_stream();
        func.body = ours!(
            #constants
            const FESTOON_OUTCOME: #private::Outcome<#output> = #outcome;
            static FESTOON_ENTRY: #private::Entry = #private::Entry::new(
                #spec,
                |bytes, left| #private::#serve(bytes, left, &FESTOON_ARGUMENTS, &FESTOON_OUTCOME, #work),
            );
            #private::submit! { #private::Listed(&FESTOON_ENTRY) }
            #private::call(FESTOON_ENTRY.spec(), FESTOON_OUTCOME, #request).await
        );
        func.become_async();
    }

    /// *Output:* `if is_asked() { return unwanted(&SPEC, request(..)).await; }`: `enqueue` passes by the layers above.
    pub(super) fn prologue(&self, original: &Func, func: &Func, krate: &Krate) -> TokenStream {
        let private = krate.private("queue");
        let (spec, constants) = (self.spec(original, krate), constants(original, &private));
        let names = func.argument_names();
        let renamed = original.sig.inputs.iter().zip(&names).filter_map(|(input, now)| {
            let FnArg::Typed(typed) = input else { return None };
            let name = plain_name(&typed.pat).filter(|name| *name != now)?;
            Some(ours!(let #name = &#now;))
        });
        let request = self.request(&names, &private);
        let start = krate.private("Start");
        let leave = if func.is_begun() {
            ours!(#private::answer(&FESTOON_SPEC, request); return #start::Never;)
        } else {
            ours!(return #private::unwanted(&FESTOON_SPEC, request).await;)
        };
        ours!(if #private::is_asked() {
            #constants
            static FESTOON_SPEC: #private::Spec = #spec;
            let request = {
                #(#renamed)*
                #request
            };
            #leave
        })
    }
}

/// Was a queue meant, although there is none?
pub(super) fn is_hinted(options: &Options) -> bool {
    OWN.iter().chain(&["queue"]).any(|name| options.key(name).is_some())
}

fn constants(func: &Func, private: &TokenStream) -> TokenStream {
    let types = remote::types(func);
    let codecs = remote::codecs(&types, private);
    ours!(
        fn festoon_inside() {}
        const FESTOON_ARGUMENTS: (#(#private::Codec<#types>,)*) = (#(#codecs,)*);
    )
}

/// Is it `""`?
fn is_empty(text: Option<&TokenStream>) -> bool {
    let literal = text.and_then(|text| syn::parse2::<syn::LitStr>(text.clone()).ok());
    literal.is_some_and(|literal| literal.value().is_empty())
}

fn check_feature(at: Span, options: &mut Options) {
    if !cfg!(feature = "queue") {
        options.at_span(at, format!("`queue` needs the feature `queue` of festoon: {}", in_manifest("queue")));
    }
}

/// `store = redis(..)`: the queue's server.
struct Store {
    #[cfg(feature = "queue")]
    server: crate::cached::Server,
    written: TokenStream,
}

impl Store {
    fn read(options: &mut Options, is_wanted: bool) -> Option<Self> {
        let written = options.tokens("store")?;
        if !is_wanted || !cfg!(feature = "queue") {
            return None;
        }
        Some(Store {
            #[cfg(feature = "queue")]
            server: crate::cached::Server::read(options, &written)?,
            written,
        })
    }

    /// *Output:* `.store(|| -> Redis { Redis::from_env() })`.
    fn setting(&self, krate: &Krate) -> TokenStream {
        #[cfg(feature = "queue")]
        {
            let cached = krate.private("cached");
            let server = self.server.expr(&cached);
            ours!(.store(|| -> #cached::Redis { #server }))
        }
        #[cfg(not(feature = "queue"))]
        {
            let _ = krate;
            self.written.clone()
        }
    }
}
