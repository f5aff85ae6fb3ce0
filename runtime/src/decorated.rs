//! Handles: `price.timing()` on the function item itself.

use std::any::type_name_of_val;

#[cfg(feature = "cached")]
use crate::cached::Cache;
#[cfg(feature = "retry")]
use crate::retrying::Retries;
#[cfg(any(feature = "timed", feature = "retry"))]
use crate::site::check_is_decorated;
use crate::site::without_generics;
#[cfg(feature = "timed")]
use crate::timed::Timing;
#[cfg(feature = "resilience")]
use crate::{bulkhead::Bulkhead, circuit_breaker::Breaker, hedge::Hedge, policies::Policies, rate_limit::RateLimit};

/// Gives every function item the handles of its decorators, like Python's `price.cache_info()`.
///
/// ```
/// use festoon::{Decorated, timed};
///
/// #[timed]
/// fn double(n: u32) -> u32 { n * 2 }
///
/// double(4);
/// assert_eq!(double.timing().calls(), 1);
/// ```
///
/// Name methods by path: `Shop::price.timing()`, `<Shop as Prices>::price.timing()`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no handles",
    label = "not the name of a function; `unsafe` and `extern` functions have no handles either"
)]
pub trait Decorated<Signature> {
    /// The arguments, as a tuple.
    type Arguments;
    /// The return type of a call; for an async function, its future.
    type Returned;

    /// The function's path without generics, by which its sites are listed.
    #[doc(hidden)]
    fn site_name(&self) -> String {
        without_generics(type_name_of_val(self))
    }

    /// The cache of `#[cached]`.
    #[cfg(feature = "cached")]
    fn cache(&self) -> Cache<Self, Self::Arguments, Self::Returned>
    where
        Self: Copy;

    /// The measurements of `#[timed]`.
    #[cfg(feature = "timed")]
    fn timing(&self) -> Timing;

    /// The statistics of `#[retry]`.
    #[cfg(feature = "retry")]
    fn retries(&self) -> Retries;

    /// The second calls of `#[hedge]`.
    ///
    /// # Panics
    /// If the function has no `#[hedge]`.
    #[cfg(feature = "resilience")]
    fn hedge(&self) -> Policies<Hedge> {
        Policies::of_function(type_name_of_val(self), "hedge")
    }

    /// The limit of `#[rate_limit]`.
    ///
    /// # Panics
    /// If the function has no `#[rate_limit]`.
    #[cfg(feature = "resilience")]
    fn rate_limit(&self) -> Policies<RateLimit> {
        Policies::of_function(type_name_of_val(self), "rate_limit")
    }

    /// The bulkhead of `#[bulkhead]`.
    ///
    /// # Panics
    /// If the function has no `#[bulkhead]`.
    #[cfg(feature = "resilience")]
    fn bulkhead(&self) -> Policies<Bulkhead> {
        Policies::of_function(type_name_of_val(self), "bulkhead")
    }

    /// The circuit breaker of `#[circuit_breaker]`.
    ///
    /// # Panics
    /// If the function has no `#[circuit_breaker]`.
    #[cfg(feature = "resilience")]
    fn breaker(&self) -> Policies<Breaker> {
        Policies::of_function(type_name_of_val(self), "circuit_breaker")
    }
}

macro_rules! by_arity {
    ($($argument:ident)*) => {
        impl<F, R, $($argument),*> Decorated<fn($($argument),*) -> R> for F
        where
            F: Fn($($argument),*) -> R,
        {
            type Arguments = ($($argument,)*);
            type Returned = R;

            #[cfg(feature = "cached")]
            #[allow(non_snake_case, reason = "arguments are named like their types")]
            fn cache(&self) -> Cache<Self, Self::Arguments, R>
            where
                Self: Copy,
            {
                Cache::new(*self, |function, ($($argument,)*)| function($($argument),*))
            }

            #[cfg(feature = "timed")]
            fn timing(&self) -> Timing {
                let name = type_name_of_val(self);
                // The feature `timed-off` removes every trace of the decorator.
                if !cfg!(all(feature = "timed-off", not(feature = "__all-features"))) {
                    check_is_decorated(name, "timed");
                }
                Timing::of(self.site_name())
            }

            #[cfg(feature = "retry")]
            fn retries(&self) -> Retries {
                let name = type_name_of_val(self);
                check_is_decorated(name, "retry");
                Retries::of(&self.site_name())
            }
        }
    };
}

by_arity!();
by_arity!(A);
by_arity!(A B);
by_arity!(A B C);
by_arity!(A B C D);
by_arity!(A B C D E);
by_arity!(A B C D E G);
by_arity!(A B C D E G H);
by_arity!(A B C D E G H I);
by_arity!(A B C D E G H I J);
by_arity!(A B C D E G H I J K);
by_arity!(A B C D E G H I J K L);
by_arity!(A B C D E G H I J K L M);
