//! One measured function, and the registry of all of them.

use std::panic::RefUnwindSafe;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed};

use super::allocations::Uncounted;
use super::allocator::observe_if_installed;
use super::control;
#[cfg(feature = "metrics")]
use super::metrics_handles::Handles;
use super::settings::Settings;
use super::shard::Shard;
use super::slow::{Arguments, SlowCall, Warnings};
use crate::clock;
use crate::outcome::OutcomeKind;
use crate::shards::Shards;
use crate::site::{Place, Registry, function_of, is_shared, without_generics};
use crate::unwinding;

/// Everything about one measured function; in the expansion's own `static`.
pub struct TimedSite {
    state: AtomicU32,
    shards: Shards<Shard>,
    /// Calls of at least this many ticks emit an event; `u64::MAX` for none.
    warn_ticks: AtomicU64,
    warnings: Warnings,
    pub(super) is_async: AtomicBool,
    pub(super) settings: Settings,
    pub(super) place: Place,
    #[cfg(feature = "metrics")]
    pub(super) metrics: Handles,
}

/// The states of a site.
const OFF: u32 = 0;
const ON: u32 = 1;
/// Not called yet.
const NEW: u32 = 2;

pub(super) static SITES: Registry<TimedSite> = Registry::new("timed", || SITES.names());

/// It only contains counters, including those of the feature `metrics`.
impl RefUnwindSafe for TimedSite {}

impl TimedSite {
    /// The site of one function.
    pub const fn new(settings: Settings, place: Place) -> Self {
        TimedSite {
            state: AtomicU32::new(NEW),
            shards: Shards::new(),
            warn_ticks: AtomicU64::new(u64::MAX),
            warnings: Warnings::new(),
            is_async: AtomicBool::new(false),
            settings,
            place,
            #[cfg(feature = "metrics")]
            metrics: Handles::new(),
        }
    }

    #[inline]
    pub(super) fn shards(&'static self) -> &'static Shards<Shard> {
        &self.shards
    }

    /// This thread's shard.
    #[inline]
    pub(super) fn shard(&'static self) -> &'static Shard {
        self.shards.get().unwrap_or_else(|| self.attach())
    }

    #[cold]
    #[inline(never)]
    fn attach(&'static self) -> &'static Shard {
        let _own = Uncounted::begin();
        self.shards.local()
    }

    pub(super) fn set_enabled(&self, enabled: bool) {
        self.state.store(if enabled { ON } else { OFF }, Relaxed);
    }

    /// May the site be switched on? Registers it the first time; `inside` is the type name of a closure in the
    /// function. Whether the site starts disabled is checked later: checking it again here would add code to each
    /// function.
    #[inline]
    pub(super) fn may_be_on(&'static self, inside: &'static str) -> bool {
        let state = self.state.load(Relaxed);
        // Checked first: a disabled site costs least.
        if state != OFF && state != ON {
            self.register(inside);
        }
        state != OFF
    }

    pub(super) fn is_off(&self) -> bool {
        self.state.load(Relaxed) == OFF
    }

    pub(super) fn warn_ticks(&self) -> u64 {
        self.warn_ticks.load(Relaxed)
    }

    #[inline]
    pub(super) fn is_on(&'static self, inside: &'static str) -> bool {
        self.may_be_on(inside) && self.state.load(Relaxed) != OFF
    }

    #[cold]
    #[inline(never)]
    fn register(&'static self, inside: &'static str) {
        observe_if_installed();
        let _own = Uncounted::begin();
        clock::set_anchor();
        if let Some(limit) = self.settings.warn_over {
            self.warn_ticks.store(clock::ticks_in(limit), Relaxed);
        }
        let mut name = without_generics(function_of(inside));
        if let (true, Some(block)) = (self.settings.is_block, self.settings.name) {
            name = name + "::" + block;
        }
        SITES.insert(name.clone(), self);
        self.set_enabled(control::is_enabled(&name));
    }

    /// Runs the user's code, so after everything else: formats arguments, and notifies a subscriber.
    pub(super) fn tell_if_slow(&self, ticks: u64, outcome: OutcomeKind, arguments: &dyn Arguments) {
        if ticks >= self.warn_ticks.load(Relaxed) {
            self.warn(ticks, outcome, arguments);
        }
    }

    #[cold]
    #[inline(never)]
    fn warn(&self, ticks: u64, outcome: OutcomeKind, arguments: &dyn Arguments) {
        let Some(suppressed) = self.warnings.turn(clock::ticks_in(self.settings.warn_every)) else { return };
        let name = self.name();
        let elapsed = clock::duration(ticks);
        let event = || (self.settings.event)(&SlowCall { name: &name, elapsed, outcome, suppressed, arguments });
        unwinding::shield(event, |text| {
            tracing::error!(function = &*name, "the event for a slow call panicked: {text}");
        });
    }

    /// This thread's shard, if the site is sampled and it is not this call's turn. Observers see all calls.
    #[inline]
    pub(super) fn passes_over(&self) -> Option<&'static Shard> {
        let shard = self.shards.get()?;
        if clock::is_watched() || !shard.passes_over(self.settings.sample) { None } else { Some(shard) }
    }

    /// The `name` of `#[timed]`, else the function's path.
    pub(super) fn name(&self) -> String {
        self.settings.name.map_or_else(|| SITES.name_of(self), ToOwned::to_owned)
    }

    /// The displayed name, with the function's place if other functions share the path.
    pub(super) fn title(&self) -> String {
        let name = self.name();
        if self.shares_path() { format!("{name} ({})", self.place) } else { name }
    }

    /// Do other measured functions share its path?
    pub(super) fn shares_path(&self) -> bool {
        Self::shares(&SITES.name_of(self))
    }

    /// Do several measured functions have this path?
    pub(super) fn shares(path: &str) -> bool {
        is_shared(path, "timed") || SITES.get_all(path).len() > 1
    }

    pub(super) fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }
}

/// Enables or disables measuring for every function whose path matches, even if it has not been called yet.
///
/// `*` matches any text and `?` one character: `shop::*`, `*::price`, `*`. If several calls match a function, the last
/// one applies. The environment variable `FESTOON_TIMED` sets the initial state: `off` measures nothing, a list such as
/// `shop::*,*::price` measures only what matches.
///
/// A disabled function costs one relaxed load and a branch.
///
/// ```
/// use festoon::{Decorated, timed, timing};
///
/// #[timed]
/// fn work() {}
///
/// timing::set_enabled("*::work", false);
/// work();
/// assert_eq!(work.timing().calls(), 0);
/// ```
pub fn set_enabled(pattern: &str, enabled: bool) {
    control::change(pattern, enabled, |is_enabled| {
        for (name, site) in SITES.all() {
            site.set_enabled(is_enabled(&name));
        }
    });
}
