//! The user's hooks before and after attempts and waits.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, ExprClosure};

use crate::kit::{Errors, Func, Options, ours};

/// Each is a closure or a path to a function.
pub(super) struct Hooks {
    before: Option<Hook>,
    after: Option<Hook>,
    before_sleep: Option<Hook>,
    on_give_up: Option<Hook>,
}

struct Hook {
    option: &'static str,
    value: TokenStream,
    /// `async |error, wait| ..`, or a closure around `async { .. }`.
    is_async: bool,
}

impl Hooks {
    pub(super) fn read(options: &mut Options) -> Self {
        Hooks {
            before: Hook::read(options, "before"),
            after: Hook::read(options, "after"),
            before_sleep: Hook::read(options, "before_sleep"),
            on_give_up: Hook::read(options, "on_give_up"),
        }
    }

    fn all(&self) -> impl Iterator<Item = &Hook> {
        [&self.before, &self.after, &self.before_sleep, &self.on_give_up].into_iter().flatten()
    }

    pub(super) fn are_none(&self) -> bool {
        self.all().next().is_none()
    }

    pub(super) fn check(&self, func: &Func, errors: &mut Errors) {
        for hook in self.all().filter(|hook| hook.is_async) {
            if hook.option == "on_give_up" {
                errors.at(&hook.value, "`on_give_up` returns a value at once: write a closure without `async`");
            } else if let Some(message) =
                func.sync_message("a sync function cannot await a future: write a closure without `async`")
            {
                errors.at(&hook.value, message);
            }
        }
    }

    /// To go before each attempt.
    pub(super) fn before(&self, retry: &TokenStream) -> Option<TokenStream> {
        let hook = self.before.as_ref()?;
        Some(hook.call(retry, &quote!(before), &ours!(retry.told())))
    }

    /// To go after each attempt.
    pub(super) fn after(&self, retry: &TokenStream) -> Option<TokenStream> {
        let hook = self.after.as_ref()?;
        Some(hook.call(retry, &quote!(after), &ours!(&result)))
    }

    /// With `until`, any value may be a failure, and the hooks receive the whole value; otherwise they receive the
    /// error.
    pub(super) fn before_sleep(&self, retry: &TokenStream, has_until: bool) -> Option<TokenStream> {
        let hook = self.before_sleep.as_ref()?;
        let failure = failure(retry, has_until);
        let call = hook.call(retry, &quote!(before_sleep), &ours!(failed, retry.wait()));
        Some(ours!(if let ::core::option::Option::Some(failed) = #failure { #call }))
    }

    /// *Output:* `match on_give_up(&failure) { .. }`: the failure, or what the hook returns instead.
    pub(super) fn give_up(&self, retry: &TokenStream, has_until: bool) -> TokenStream {
        let Some(Hook { value: hook, .. }) = &self.on_give_up else { return ours!(failure) };
        let failure = failure(retry, has_until);
        ours!({
            // The output of the hook decides whether the trait is needed.
            #[allow(unused_imports)]
            use #retry::Instead as _;
            match retry.on_give_up(#failure, #hook) {
                ::core::option::Option::Some(returned) => #retry::Returned(returned).or(failure),
                ::core::option::Option::None => failure,
            }
        })
    }
}

fn failure(retry: &TokenStream, has_until: bool) -> TokenStream {
    if has_until {
        return ours!(::core::option::Option::Some(&failure));
    }
    ours!(#retry::failure(&failure))
}

impl Hook {
    fn read(options: &mut Options, option: &'static str) -> Option<Self> {
        let value = options.value(option)?;
        let closure = syn::parse2::<ExprClosure>(value.clone()).ok();
        let is_async =
            closure.is_some_and(|closure| closure.asyncness.is_some() || matches!(*closure.body, Expr::Async(_)));
        Some(Hook { option, value, is_async })
    }

    /// *Output:* `retry.before(..);`, or `retry.hook(with_one(..)).await;` for an async hook.
    fn call(&self, retry: &TokenStream, plain: &TokenStream, arguments: &TokenStream) -> TokenStream {
        let hook = &self.value;
        if !self.is_async {
            return ours!(retry.#plain(#arguments, #hook););
        }
        let with = if self.option == "before_sleep" { quote!(with_two) } else { quote!(with_one) };
        ours!(retry.hook(#retry::#with(#arguments, #hook)).await;)
    }
}
