//! `#[offload]`: a computation becomes an `async fn` that runs on a thread pool.

mod process;
mod queue;
mod remote;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{FnArg, Receiver, ReceiverKind, Type};

use self::process::Process;
use self::queue::Queue;
use crate::kit::{
    Decorator, Errors, Func, Krate, Lent, Options, borrows, closest, located_at, our_span, ours_at, text,
};

/// Where it runs.
enum Offload {
    /// One that festoon knows, by the name of its type, and its span.
    Known(&'static str, Span),
    /// `pool = EXPR`
    Custom(TokenStream),
    /// `process`
    Process(Box<Process>),
    /// `queue`
    Queue(Box<Queue>),
    /// A mistake leaves open which of them was meant.
    Unclear,
}

const POOLS: [(&str, &str); 2] = [("rayon", "RayonPool"), ("tokio", "TokioPool")];

/// Reads the options of `#[offload]`.
pub(crate) fn read(options: &mut Options) -> Box<dyn Decorator> {
    let pool_option = options.text("pool");
    let queue = Queue::read(options);
    if let Some(process) = Process::read(options, queue.is_some()) {
        return Box::new(Offload::Process(Box::new(process)));
    }
    if let Some(queue) = queue {
        Queue::forget_others(options);
        return Box::new(Offload::Queue(Box::new(queue)));
    }
    let pool = match pool_option {
        None => Offload::Known("DefaultPool", our_span()),
        Some(tokens) => pool(tokens, options),
    };
    let is_unclear = options.has_unknown() || queue::is_hinted(options);
    Box::new(if is_unclear { Offload::Unclear } else { pool })
}

fn pool(tokens: TokenStream, options: &mut Options) -> Offload {
    let word = tokens.to_string();
    if let Some((_, pool)) = POOLS.iter().find(|(name, _)| *name == word) {
        return Offload::Known(pool, ours_at(tokens.span()));
    }
    if let Some(near) = closest(word.trim_matches('"'), &POOLS.map(|(name, _)| name)) {
        options.error(&tokens, format!("did you mean `pool = {near}`?"));
    }
    Offload::Custom(tokens)
}

impl Decorator for Offload {
    fn check(&self, func: &Func, errors: &mut Errors) {
        if func.is_async() && !matches!(self, Offload::Queue(_) | Offload::Unclear) {
            let message = "the pool cannot run an `async fn`: put `#[offload]` on the sync `fn` that computes, and await \
                           that one here";
            match &func.sig.asyncness {
                Some(asyncness) => errors.at(asyncness, message),
                None => errors.at(&func.sig.output, message),
            }
        }
        if let Some(abi) = &func.sig.abi {
            errors
                .at(abi, "`#[offload]` makes this an `async fn`, which other languages cannot call: wrap a Rust `fn`");
        }
        let inputs = func.sig.inputs.iter();
        let is_remote = matches!(self, Offload::Process(_) | Offload::Queue(_));
        let is_checked = |input: &&FnArg| !(is_remote && matches!(input, FnArg::Receiver(_)));
        let reason = if is_remote { "is borrowed, but the call runs in another process" } else { REASON };
        inputs.filter(is_checked).for_each(|input| check_input(input, reason, errors));
        match self {
            Offload::Process(process) => process.check(func, errors),
            Offload::Queue(queue) => queue.check(func, errors),
            Offload::Known(..) | Offload::Custom(_) | Offload::Unclear => {}
        }
        if let syn::ReturnType::Type(_, ty) = &func.sig.output
            && let Some(lifetime) = borrows(ty)
        {
            errors.at_span(lifetime, "the result comes from another thread and cannot borrow: return an owned value");
        }
    }

    /// *Input:* `fn f(n: u32) -> u8 { work }`. *Output:* `async fn f(n: u32) -> u8 { run::<u8>(pool, move || -> u8 { work
    /// }).await }`.
    fn expand(&self, func: &mut Func, krate: &Krate) {
        let offload = krate.private("offload");
        let pool = match self {
            Offload::Known(name, at) => {
                let name = Ident::new(name, *at);
                located_at(quote!(#offload::#name), *at)
            }
            Offload::Custom(tokens) => tokens.clone(),
            Offload::Process(process) => return process.expand(func, krate),
            Offload::Queue(queue) => return queue.expand(func, krate),
            Offload::Unclear => return,
        };
        let span = ours_at(func.sig.ident.span());
        // It moves to another thread, and takes everything with it.
        func.lent = Lent::default();
        func.option = pool.clone();
        let (ty, work) = (func.inferred_output(), func.closure_at(span));
        func.body = quote_spanned!(span=> #offload::run::<#ty>(#pool, #work).await);
        func.become_async();
    }

    fn lends(&self, _: Lent) -> Lent {
        Lent::default()
    }

    fn prologue(&self, original: &Func, func: &Func, krate: &Krate) -> Option<TokenStream> {
        match self {
            Offload::Queue(queue) => Some(queue.prologue(original, func, krate)),
            _ => None,
        }
    }

    fn isolates(&self) -> Option<&'static str> {
        match self {
            Offload::Process(_) => Some("process"),
            Offload::Queue(_) => Some("queue"),
            Offload::Known(..) | Offload::Custom(_) | Offload::Unclear => None,
        }
    }

    fn makes_async(&self) -> bool {
        true
    }
}

const REASON: &str = "is borrowed, but the call may outlive its caller on another thread";

fn check_input(input: &FnArg, reason: &str, errors: &mut Errors) {
    match input {
        FnArg::Receiver(receiver) => check_receiver(receiver, errors),
        FnArg::Typed(typed) => {
            if let Some(lifetime) = borrows(&typed.ty) {
                let message = format!("this {reason}: {}", instead_of(&typed.ty));
                match &*typed.ty {
                    Type::Reference(_) => errors.at(&typed.ty, message),
                    _ => errors.at_span(lifetime, message),
                }
            }
        }
    }
}

fn check_receiver(receiver: &Receiver, errors: &mut Errors) {
    let shared = "write `self: Arc<Self>`, or `self` for a type that is cheap to clone";
    let advice = match &receiver.kind {
        ReceiverKind::Reference(_, Some(lifetime), _) if lifetime.ident == "static" => return,
        ReceiverKind::Reference(_, _, Some(_)) => "take `self` and return it, or keep the state in an `Arc<Mutex<..>>`",
        ReceiverKind::Reference(..) => shared,
        ReceiverKind::Typed(_, ty) if borrows(ty).is_some() => shared,
        _ => return,
    };
    errors.at(receiver, format!("`self` {REASON}: {advice}"));
}

/// *Input:* `&str`. *Output:* "take a `String`".
fn instead_of(ty: &Type) -> String {
    let Type::Reference(reference) = ty else { return "take an owned value".to_owned() };
    let owned = text(&reference.elem);
    if reference.mutability.is_some() {
        return format!("take a `{owned}` by value and return it");
    }
    match &*reference.elem {
        Type::Slice(slice) => format!("take a `Vec<{}>`", text(&slice.elem)),
        Type::Path(path) if path.path.is_ident("str") => "take a `String`".to_owned(),
        Type::Path(path) if path.path.is_ident("Path") => "take a `PathBuf`".to_owned(),
        Type::TraitObject(_) => format!("take a `Box<{owned} + Send>`"),
        _ => format!("take `{owned}` by value, or an `Arc<{owned}>`"),
    }
}
