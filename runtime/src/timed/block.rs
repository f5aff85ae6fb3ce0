//! `timing::scope!`: measures a part of a function separately.

use std::marker::PhantomData;

use super::call::{Running, begin, finish};
use super::site::TimedSite;

/// Measures until it is dropped; see [`scope!`](crate::timing::scope).
#[must_use = "it measures until it is dropped: bind it, `let _scope = timing::scope!(\"parse\")`"]
pub struct Scope {
    running: Option<Running>,
    /// Calls are counted on the thread that they started on.
    not_send: PhantomData<*const ()>,
}

impl Scope {
    #[doc(hidden)]
    #[inline]
    pub fn begin(site: &'static TimedSite, inside: &'static str) -> Self {
        let mut running = None;
        if !cfg!(all(feature = "timed-off", not(feature = "__all-features"))) && site.may_be_on(inside) {
            begin(&mut running, site);
        }
        Scope { running, not_send: PhantomData }
    }
}

impl Drop for Scope {
    #[inline]
    fn drop(&mut self) {
        if let Some(running) = &self.running {
            finish(running);
        }
    }
}

/// Measures from here to the end of the block, like a separate function: with its own row in the report, whose time is
/// not part of the self time of the surrounding functions.
///
/// ```
/// use festoon::{timed, timing};
///
/// #[timed]
/// fn load(text: &str) -> Vec<u32> {
///     let numbers: Vec<u32> = {
///         let _scope = timing::scope!("parse");
///         text.split(' ').filter_map(|word| word.parse().ok()).collect()
///     };
///     let _scope = timing::scope!("sum");
///     numbers.iter().scan(0, |sum, n| { *sum += n; Some(*sum) }).collect()
/// }
///
/// assert_eq!(load("1 2"), [1, 3]);
/// # #[cfg(feature = "report")]
/// assert!(timing::report().rows().iter().any(|row| row.name == "parse" && row.outcomes.success() == 1));
/// ```
///
/// The name is a constant. Its path, for [`set_enabled`](crate::timing::set_enabled) and `FESTOON_TIMED`, is that of
/// the function followed by the name: `shop::load::parse`. A panic counts as one; an `Err` counts as a success, since
/// the scope sees no value.
///
/// The guard is not `Send`: an `.await` inside the scope is a compile error in a future that has to be `Send`. Put
/// `#[timed]` on an `async fn` instead, which knows when it is polled.
#[doc(hidden)]
#[macro_export]
macro_rules! __scope {
    ($name:expr $(,)?) => {{
        static SITE: $crate::__private::timed::TimedSite = $crate::__private::timed::TimedSite::new(
            $crate::__private::timed::Settings::NONE.block($name),
            $crate::__private::Place::new(
                ::core::file!(),
                ::core::line!(),
                ::core::column!(),
                ::core::option_env!("CARGO_PKG_VERSION"),
            ),
        );
        $crate::__private::timed::Scope::begin(&SITE, ::core::any::type_name_of_val(&|| ()))
    }};
}
