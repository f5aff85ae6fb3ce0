//! What a `#[derive(ContextManager)]` implements: entering, with its roll-back, and exiting.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::field::{Managed, Part};
use super::{ContextManager, Variant};
use crate::kit::{local, our_span, ours};

impl ContextManager {
    /// *Output:* `impl Manager for Job { fn enter(self) { match self { Job { .. } => { .. } } } }`
    pub(super) fn manager(&self) -> TokenStream {
        let ContextManager { name, generics, path, error, active, .. } = self;
        let (impl_generics, type_generics, _) = generics.split_for_impl();
        let bounds = self.where_clause();
        let (asyncness, manager) = if self.is_async() {
            (Some(ours!(async)), quote!(#path::AsyncManager))
        } else {
            (None, quote!(#path::Manager))
        };
        let arms = self.variants.iter().map(|variant| self.enter_all(variant));
        ours! {
            #[automatically_derived]
            impl #impl_generics #manager for #name #type_generics #bounds {
                type Active = #active #type_generics;
                type EnterError = #error;

                #asyncness fn enter(self) -> ::core::result::Result<Self::Active, #error> {
                    match self { #(#arms)* }
                }
            }
        }
    }

    /// *Output:* `Job { db } => { let db = hold(db.enter()?); Ok(JobActive { db: db.defuse() }) }`
    fn enter_all(&self, variant: &Variant) -> TokenStream {
        let parts: Vec<_> = variant.managed().collect();
        let enters = (0..parts.len()).map(|index| self.enter(index, &parts));
        let defuses = parts.iter().map(|(Part { name, .. }, options)| {
            let defused = if options.skip_if.is_some() { ours!(map(|held| held.defuse())) } else { ours!(defuse()) };
            ours!(let #name = #name.#defused;)
        });
        let (pattern, entered) = (variant.pattern(&self.name), variant.pattern(&self.active));
        ours! {
            #pattern => {
                #(#enters)*
                #(#defuses)*
                ::core::result::Result::Ok(#entered)
            }
        }
    }

    /// *Output:* `let db = match db.enter() { Ok(active) => hold(active), Err(error) => { roll back; return Err(error) } };`
    fn enter(&self, index: usize, parts: &[(&Part, &Managed)]) -> TokenStream {
        let (path, error) = (&self.path, &self.error);
        let (part, options) = parts[index];
        let (name, ok) = (&part.name, quote!(::core::result::Result::Ok));
        let hold = self.hold(options);
        let entered = if options.is_entered {
            ours!(#path::#hold::<_, #error>(#name))
        } else {
            let back = self.roll_back(&parts[..index]);
            let enter = part.of_manager(options, path, "enter");
            let wait = options.is_async.then(|| ours!(.await));
            ours! {
                match #enter(#name) #wait {
                    #ok(active) => #path::#hold::<_, #error>(active),
                    ::core::result::Result::Err(error) => { #back }
                }
            }
        };
        match &options.skip_if {
            None => ours!(let #name = #entered;),
            Some(skip) => ours! {
                let #name = if #skip { ::core::option::Option::None } else { ::core::option::Option::Some(#entered) };
            },
        }
    }

    fn hold(&self, managed: &Managed) -> Ident {
        local(match (managed.is_async, self.is_async()) {
            (true, _) => "hold_async",
            (false, true) => "hold_in_future",
            (false, false) => "hold",
        })
    }

    /// *Output:* `let mut chain = Chain::new(Error(&mut error)); chain.exit(db.defuse()); return Err(rolled_back(..));`
    fn roll_back(&self, entered: &[(&Part, &Managed)]) -> TokenStream {
        let (path, error) = (&self.path, &self.error);
        let exits = entered.iter().rev().map(|(part, managed)| {
            let name = &part.name;
            chained(managed, name, &ours!(.defuse()))
        });
        ours! {
            // A part that cannot fail makes this unreachable.
            #[allow(unused_mut)]
            let mut error: #error = ::core::convert::From::from(error);
            let mut chain = #path::Chain::new(#path::Outcome::Error(&mut error));
            #(#exits)*
            let verdict = chain.verdict();
            return ::core::result::Result::Err(#path::rolled_back(error, verdict));
        }
    }

    /// *Output:* `impl Exit<E> for JobActive { fn exit(self, how) { match self { JobActive { .. } => { .. } } } }`
    pub(super) fn exit(&self) -> TokenStream {
        let ContextManager { generics, path, error, active, .. } = self;
        let (impl_generics, type_generics, _) = generics.split_for_impl();
        let (bounds, is_async) = (self.where_clause(), self.is_async());
        let asyncness = is_async.then(|| ours!(async));
        let trait_name = local(if is_async { "AsyncExit" } else { "Exit" });
        let swallows = self.managed().map(|(part, managed)| may_swallow(part, managed, path, error));
        let cancelled = is_async.then(|| self.cancelled());
        let arms = self.variants.iter().map(|variant| self.exit_all(variant));
        ours! {
            #[automatically_derived]
            impl #impl_generics #path::#trait_name<#error> for #active #type_generics #bounds {
                const MAY_SWALLOW: bool = false #(|| #swallows)*;

                #asyncness fn exit(
                    self,
                    how: #path::Outcome<'_, #error>,
                ) -> ::core::result::Result<#path::Verdict<#error>, #error> {
                    let mut chain = #path::Chain::new(how);
                    match self { #(#arms)* }
                    chain.verdict()
                }

                #cancelled
            }
        }
    }

    /// *Output:* `JobActive { db: field0, quiet: _quiet } => { chain.exit(field0); }`. The plain fields are dropped after
    /// all exits.
    fn exit_all(&self, variant: &Variant) -> TokenStream {
        let pattern = variant.entered_pattern(&self.active);
        let exits = variant.managed().rev();
        let exits = exits.map(|(part, managed)| chained(managed, &part.name, &TokenStream::new()));
        ours!(#pattern => { #(#exits)* })
    }

    /// *Output:* `fn cancelled(self) { match self { JobActive { .. } => { let _held = hold(db); } } }`: dropping the guards
    /// in reverse cancels each, even if one of them panics.
    fn cancelled(&self) -> TokenStream {
        let (path, error) = (&self.path, &self.error);
        let arms = self.variants.iter().map(|variant| {
            let pattern = variant.entered_pattern(&self.active);
            let holds = variant.managed().map(|(Part { name, .. }, managed)| {
                let hold = self.hold(managed);
                let hold = ours!(#path::#hold::<_, #error>);
                if managed.skip_if.is_some() {
                    ours!(let _held = #name.map(#hold);)
                } else {
                    ours!(let _held = #hold(#name);)
                }
            });
            ours!(#pattern => { #(#holds)* })
        });
        ours! {
            fn cancelled(self) {
                match self { #(#arms)* }
            }
        }
    }
}

impl Variant {
    /// *Output:* `Job { db: field0, retries }`
    fn pattern(&self, ty: &Ident) -> TokenStream {
        let (path, fields) = (self.path(ty), self.parts.iter().map(Part::bound));
        quote!(#path { #(#fields,)* })
    }

    /// *Output:* `JobActive { db: field0, retries: _retries }`
    fn entered_pattern(&self, active: &Ident) -> TokenStream {
        let field = |part: &Part| match (&part.managed, &part.member) {
            (Some(_), _) => part.bound(),
            (None, member) => {
                let kept = format_ident!("_{}", part.name, span = our_span());
                quote!(#member: #kept)
            }
        };
        let (path, fields) = (self.path(active), self.parts.iter().map(field));
        quote!(#path { #(#fields,)* })
    }
}

/// *Output:* `chain.exit_async(lease.defuse()).await;`
fn chained(managed: &Managed, name: &Ident, take: &TokenStream) -> TokenStream {
    let (exit, wait) =
        if managed.is_async { (local("exit_async"), Some(ours!(.await))) } else { (local("exit"), None) };
    if managed.skip_if.is_none() {
        return ours!(chain.#exit(#name #take) #wait;);
    }
    ours! {
        if let ::core::option::Option::Some(active) = #name {
            chain.#exit(active #take) #wait;
        }
    }
}

fn may_swallow(part: &Part, managed: &Managed, path: &TokenStream, error: &TokenStream) -> TokenStream {
    let (active, exit) = (part.active(managed, path), part.exit(managed, path));
    part.of(&active, &quote!(#exit<#error>), "MAY_SWALLOW")
}
