//! `#[decorate(layer = EXPR)]`: values that wrap any function.

pub mod function;

use std::any::Any;
use std::fmt;
use std::sync::{Mutex, OnceLock};

use crate::outcome::OutcomeKind;
use crate::site::{Registry, function_name, without_generics};
use crate::sync::lock;

/// A value that wraps functions: `#[decorate(layer = EXPR)]`.
///
/// `R` is the function's return type. If you implement this trait for every `R`, the value can wrap any function; if
/// you implement it only for `Result<T, E>`, it can return its own error without calling the function at all.
///
/// The value is created once per decorated function, on the first call, and lives as long as the program: its state
/// belongs to that function. To share one between several functions, put it in a `static` and write
/// `layer = &THE_STATIC`.
///
/// ```
/// use festoon::{Call, Decorator, decorate};
/// use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
///
/// /// Counts the calls that run at this moment.
/// #[derive(Default)]
/// struct Busy(AtomicU64);
///
/// impl<R> Decorator<R> for Busy {
///     fn call(&self, call: Call<R>, next: impl FnOnce() -> R) -> R {
///         println!("{} enters after {}", call.name(), self.0.fetch_add(1, Relaxed));
///         let value = next();
///         self.0.fetch_sub(1, Relaxed);
///         value
///     }
/// }
///
/// #[decorate(layer = Busy::default())]
/// fn double(n: u32) -> u32 { n * 2 }
///
/// assert_eq!(double(4), 8);
/// ```
///
/// For an `async fn`, implement [`AsyncDecorator`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot wrap a function that returns `{R}`",
    label = "used as the layer of a function here",
    note = "implement `festoon::Decorator<R>` for it, for every `R` or for this one",
    note = "a function is not a layer: write `#[decorate(my_function)]`"
)]
pub trait Decorator<R> {
    /// Wraps one call. `next` makes that call, with the decorators below.
    fn call(&self, call: Call<R>, next: impl FnOnce() -> R) -> R;
}

/// A value that wraps `async` functions: `#[decorate(layer = EXPR)]`. Like [`Decorator`], but generic over the future
/// `F` of a call.
///
/// ```
/// use festoon::{AsyncDecorator, Call, decorate};
/// use tokio::sync::Semaphore;
///
/// /// Lets so many calls in at a time; the others wait.
/// struct Limit(Semaphore);
///
/// impl<F: Future> AsyncDecorator<F> for Limit {
///     async fn call(&self, _: Call<F::Output>, next: F) -> F::Output {
///         let _permit = self.0.acquire().await.expect("never closed");
///         next.await
///     }
/// }
///
/// #[decorate(layer = Limit(Semaphore::new(2)))]
/// async fn double(n: u32) -> u32 { n * 2 }
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// assert_eq!(double(4).await, 8);
/// # });
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot wrap this `async` function",
    label = "used as the layer of an `async` function here",
    note = "implement `festoon::AsyncDecorator<F>` for it, for every future `F` or for those with this output",
    note = "a function is not a layer: write `#[decorate(my_function)]`"
)]
pub trait AsyncDecorator<F: Future> {
    /// Wraps one call. `next` is that call, with the decorators below; it runs when you await it, and is cancelled if
    /// you drop it before that.
    fn call(&self, call: Call<F::Output>, next: F) -> impl Future<Output = F::Output>;
}

macro_rules! by_pointer {
    ($($pointer:ty),*) => { $(
        #[diagnostic::do_not_recommend]
        impl<R, D: Decorator<R>> Decorator<R> for $pointer {
            fn call(&self, call: Call<R>, next: impl FnOnce() -> R) -> R {
                (**self).call(call, next)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<F: Future, D: AsyncDecorator<F>> AsyncDecorator<F> for $pointer {
            fn call(&self, call: Call<F::Output>, next: F) -> impl Future<Output = F::Output> {
                (**self).call(call, next)
            }
        }
    )* };
}

by_pointer!(&D, Box<D>, std::sync::Arc<D>, std::sync::LazyLock<D>);

/// Information about the call that a layer wraps.
pub struct Call<R> {
    name: &'static str,
    outcome: fn(&R) -> OutcomeKind,
}

impl<R> Call<R> {
    /// Returns the path of the function, such as `crate::shop::price` or `<crate::Shop as crate::Prices>::price`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the outcome of a call that returned this value: an `Err` is an error, everything else a success.
    pub fn outcome(&self, value: &R) -> OutcomeKind {
        (self.outcome)(value)
    }
}

impl<R> Clone for Call<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Call<R> {}

impl<R> fmt::Debug for Call<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The layer of one function, in the expansion's own `static`. The type is not known there, so the layer is looked up
/// by its type.
pub struct LayerSite {
    first: OnceLock<Named>,
    /// In each instantiation of a generic function, the layer may have a different type.
    others: Mutex<Vec<&'static Named>>,
}

/// A layer and its function's name.
struct Named {
    name: String,
    layer: Box<dyn Any + Send + Sync>,
}

/// A layer that has been looked up.
pub struct Found<D: 'static> {
    name: &'static str,
    layer: &'static D,
}

impl<D> Clone for Found<D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D> Copy for Found<D> {}

static SITES: Registry<LayerSite> = Registry::new("decorate", || SITES.names());

impl LayerSite {
    /// The site of one function.
    #[expect(clippy::new_without_default, reason = "only expansions create sites")]
    pub const fn new() -> Self {
        LayerSite { first: OnceLock::new(), others: Mutex::new(Vec::new()) }
    }

    /// The layer that `make` creates on the first call. `_inside` is a closure of the decorated function.
    #[inline]
    pub fn layer<D, C>(&'static self, make: fn() -> D, _inside: &C) -> Found<D>
    where
        D: Send + Sync + 'static,
    {
        let first = self.first.get_or_init(|| {
            let named = Named::new::<D, C>(make);
            SITES.insert(named.name.clone(), self);
            named
        });
        first.found().unwrap_or_else(|| self.other::<D, C>(make))
    }

    #[cold]
    #[inline(never)]
    fn other<D: Send + Sync + 'static, C>(&self, make: fn() -> D) -> Found<D> {
        loop {
            if let Some(found) = lock(&self.others).iter().find_map(|named| named.found()) {
                return found;
            }
            // Created outside of the lock, since it is the user's code.
            let named = Named::new::<D, C>(make);
            let mut others = lock(&self.others);
            if !others.iter().any(|other| other.layer.is::<D>()) {
                others.push(Box::leak(Box::new(named)));
            }
        }
    }
}

impl Named {
    fn new<D: Send + Sync + 'static, C>(make: fn() -> D) -> Self {
        Named { name: without_generics(function_name::<C>()), layer: Box::new(make()) }
    }

    #[inline]
    fn found<D: 'static>(&'static self) -> Option<Found<D>> {
        self.layer.downcast_ref().map(|layer| Found { name: &self.name, layer })
    }
}

impl<D> Found<D> {
    fn call<R>(self, outcome: fn(&R) -> OutcomeKind) -> Call<R> {
        Call { name: self.name, outcome }
    }
}

/// Makes one call of a function through its layer.
#[inline]
pub fn call<D: Decorator<R>, R>(found: Found<D>, next: impl FnOnce() -> R, outcome: fn(&R) -> OutcomeKind) -> R {
    found.layer.call(found.call(outcome), next)
}

/// Makes one call of an async function through its layer.
#[inline]
pub fn poll<D: AsyncDecorator<F>, F: Future>(
    found: Found<D>,
    next: F,
    outcome: fn(&F::Output) -> OutcomeKind,
) -> impl Future<Output = F::Output> {
    found.layer.call(found.call(outcome), next)
}

/// Calls a closure of the user's with the decorated function and its arguments. This way the compiler knows the
/// function's type, which it would not if the closure were called in place.
macro_rules! with {
    ($($name:ident: $($type:ident $argument:ident)*;)*) => { $(
        /// One closure and this many arguments.
        #[inline]
        #[allow(
            missing_docs,
            clippy::many_single_char_names,
            clippy::too_many_arguments,
            reason = "one for each number of arguments, which are named by letters"
        )]
        pub fn $name<N, D, R, $($type),*>(next: N, decorator: D, $($argument: $type),*) -> R
        where
            D: FnOnce(N, $($type),*) -> R,
        {
            decorator(next, $($argument),*)
        }
    )* };
}

with! {
    with0: ;
    with1: A a;
    with2: A a B b;
    with3: A a B b C c;
    with4: A a B b C c E e;
    with5: A a B b C c E e G g;
    with6: A a B b C c E e G g H h;
    with7: A a B b C c E e G g H h I i;
    with8: A a B b C c E e G g H h I i J j;
    with9: A a B b C c E e G g H h I i J j K k;
    with10: A a B b C c E e G g H h I i J j K k L l;
    with11: A a B b C c E e G g H h I i J j K k L l M m;
    with12: A a B b C c E e G g H h I i J j K k L l M m O o;
}
