//! `#[offload(process)]`: the call runs in a worker process.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::remote::{self, Remote};
use crate::kit::{Amount, DurationValue, Errors, Func, Krate, Options, in_manifest, ours};

const REMOTE: Remote = Remote {
    place: "a worker process",
    result: "a worker process may crash: return a `Result<.., festoon::WorkerError>`, or one with an error of your own \
             that implements `From<WorkerError>`",
};

/// Its options.
pub(super) struct Process {
    timeout: Option<DurationValue>,
    workers: Option<Amount>,
    memory: Option<Amount>,
    max_calls: Option<Amount>,
    nice: Option<Amount>,
}

impl Process {
    /// Reads them; `None` without `process`, where each of them is a mistake. A queue has said so already.
    pub(super) fn read(options: &mut Options, is_queued: bool) -> Option<Self> {
        let at = options.flag("process");
        let read = Process {
            timeout: options.length("timeout"),
            workers: options.count("workers"),
            memory: options.size("memory"),
            max_calls: options.count("max_calls"),
            nice: options.count("nice"),
        };
        let Some(at) = at.filter(|_| !is_queued) else {
            for name in ["timeout", "workers", "memory", "max_calls", "nice"].iter().filter(|_| !is_queued) {
                options.refuse(name, format!("a thread has no `{name}`: write `#[offload(process, {name} = ..)]`"));
            }
            return None;
        };
        if !cfg!(feature = "process") {
            let needs = format!("`process` needs the feature `process` of festoon: {}", in_manifest("process"));
            options.at_span(at, needs);
        }
        options.refuse("pool", "a call runs in a pool of threads or in a process: remove `pool` or `process`");
        read.check_zeros(options);
        Some(read)
    }

    fn check_zeros(&self, options: &mut Options) {
        if self.timeout.as_ref().and_then(DurationValue::known).is_some_and(|limit| limit.is_zero()) {
            options.refuse("timeout", "no call could end in time: expected a limit longer than zero");
        }
        for (name, amount) in [("workers", &self.workers), ("memory", &self.memory), ("max_calls", &self.max_calls)] {
            if amount.as_ref().and_then(Amount::known) == Some(0) {
                options.refuse(name, format!("expected more than zero: remove `{name}` for the default"));
            }
        }
        if self.nice.as_ref().and_then(Amount::known).is_some_and(|nice| nice > 19) {
            options.refuse("nice", "expected a number from 0 to 19");
        }
    }

    pub(super) fn check(&self, func: &Func, errors: &mut Errors) {
        REMOTE.check(func, errors);
        self.check_constants(func, errors);
    }

    fn check_constants(&self, func: &Func, errors: &mut Errors) {
        let all = [
            ("workers", &self.workers),
            ("memory", &self.memory),
            ("max_calls", &self.max_calls),
            ("nice", &self.nice),
        ];
        for (name, amount) in all {
            func.check_constant(name, amount.as_ref(), errors);
        }
    }

    /// *Input:* `fn f(a: A) -> R { work }`. *Output:* `async fn f(a: A) -> R { const ARGUMENTS: (Codec<A>,) = ..; const
    /// OUTCOME: Outcome<R> = ..; static POOL: Pool = ..; static ENTRY: Entry = Entry::new("f", |bytes| serve(bytes, &ARGUMENTS,
    /// &OUTCOME, |a: A| -> R { work })); call(&POOL, &ENTRY, OUTCOME, None, encode(&ENTRY, &ARGUMENTS, (&a,))).await }`.
    pub(super) fn expand(&self, func: &mut Func, krate: &Krate) {
        let process = krate.private("process");
        let (output, types) = (func.output(), remote::types(func));
        let (codecs, outcome) = (remote::codecs(&types, &process), remote::outcome(func, &process));
        let parameters = func.take_parameters(ToTokens::to_token_stream);
        let (names, body, settings) = (func.argument_names(), &func.body, self.settings());
        let function = func.sig.ident.to_string();
        let limit = self.timeout.as_ref().map(|limit| ours!(Some(#limit)));
        let timeout = limit.unwrap_or_else(|| ours!(None));
        func.option = self.timeout.to_token_stream();
        func.body = ours!(
            const FESTOON_ARGUMENTS: (#(#process::Codec<#types>,)*) = (#(#codecs,)*);
            const FESTOON_OUTCOME: #process::Outcome<#output> = #outcome;
            static FESTOON_POOL: #process::Pool = #process::Pool::new(#process::Settings::NONE #settings);
            static FESTOON_ENTRY: #process::Entry = #process::Entry::new(
                ::core::concat!(::core::module_path!(), "::", #function),
                |bytes| #process::serve(
                    bytes,
                    &FESTOON_ARGUMENTS,
                    &FESTOON_OUTCOME,
                    |#(#parameters),*| -> #output { #body },
                ),
            );
            #process::submit! { #process::Listed(&FESTOON_ENTRY) }
            let request = #process::encode(&FESTOON_ENTRY, &FESTOON_ARGUMENTS, (#(&#names,)*));
            #process::call(
                &FESTOON_POOL,
                &FESTOON_ENTRY,
                FESTOON_OUTCOME,
                ::core::option::Option::#timeout,
                request,
            )
            .await
        );
        func.become_async();
    }

    /// *Output:* `.workers(4).memory(512 << 20)`.
    fn settings(&self) -> TokenStream {
        let workers = self.workers.as_ref().map(|amount| ours!(.workers(#amount)));
        let memory = self.memory.as_ref().map(|amount| ours!(.memory(#amount)));
        let max_calls = self.max_calls.as_ref().map(|amount| ours!(.max_calls(#amount)));
        let nice = self.nice.as_ref().map(|amount| ours!(.nice(#amount)));
        quote!(#workers #memory #max_calls #nice)
    }
}
