//! The options of `#[cached]` that inspect a value.

use std::any::Any;
use std::time::Duration;

use crate::cached::value::policy::{Fails, Policy, as_output};
use crate::cached::value::settings::Settings;

/// A function's rules for its values, in addition to its [`Settings`].
pub struct Rules<P: Policy> {
    pub(in crate::cached) ttl: Option<fn(&P::Value) -> Duration>,
    pub(in crate::cached) keep_if: Option<fn(&P::Value) -> bool>,
    pub(in crate::cached) weigh: Option<fn(&P::Value) -> u64>,
}

impl<P: Policy> Rules<P> {
    /// No rules.
    pub(in crate::cached) const NONE: Self = Rules { ttl: None, keep_if: None, weigh: None };

    /// The rules of a function with this policy.
    #[inline]
    #[must_use]
    pub fn of(_: P) -> Self {
        Rules::NONE
    }

    /// `ttl = |v| ..`
    #[inline]
    #[must_use]
    pub fn ttl(self, ttl: fn(&P::Value) -> Duration) -> Self {
        Rules { ttl: Some(ttl), ..self }
    }

    /// `if = |v| ..`
    #[inline]
    #[must_use]
    pub fn keep_if(self, keep_if: fn(&P::Value) -> bool) -> Self {
        Rules { keep_if: Some(keep_if), ..self }
    }

    /// `stale_if_error`: there have to be errors.
    #[inline]
    #[must_use]
    pub fn stale_if_error(self) -> Self
    where
        P: Fails,
    {
        self
    }

    /// `weigh = |v| ..`
    #[inline]
    #[must_use]
    pub fn weigh(self, weigh: fn(&P::Value) -> u64) -> Self {
        Rules { weigh: Some(weigh), ..self }
    }
}

/// The same for any return type.
pub trait ErasedRules<V> {
    /// Combined with the settings, everything that a cache needs to know.
    fn plan(&self, settings: Settings) -> Plan<V>;
    /// The part of an output to be cached, and whether the output is an error. `None` if it is not an output of this
    /// function.
    fn keep(&self, output: &dyn Any) -> Option<(Option<V>, bool)>;
}

impl<P: Policy> ErasedRules<P::Value> for Rules<P> {
    fn plan(&self, settings: Settings) -> Plan<P::Value> {
        Plan::new(settings, self)
    }

    fn keep(&self, output: &dyn Any) -> Option<(Option<P::Value>, bool)> {
        let output = as_output::<P::Output>(output)?;
        Some((P::keep(output), P::is_error(output)))
    }
}

/// All options of one cache, by the type of its values.
pub struct Plan<V> {
    pub(in crate::cached) settings: Settings,
    pub(in crate::cached) ttl: Option<fn(&V) -> Duration>,
    pub(in crate::cached) keep_if: Option<fn(&V) -> bool>,
    pub(in crate::cached) weigh: Option<fn(&V) -> u64>,
    pub(in crate::cached) is_negative: fn(&V) -> bool,
}

impl<V> Plan<V> {
    pub(in crate::cached) fn new<P: Policy<Value = V>>(settings: Settings, rules: &Rules<P>) -> Self {
        let Rules { ttl, keep_if, weigh } = *rules;
        Plan { settings, ttl, keep_if, weigh, is_negative: P::is_negative }
    }

    /// May it be cached at all?
    pub(in crate::cached) fn keeps(&self, value: &V) -> bool {
        self.keep_if.is_none_or(|keep_if| keep_if(value))
    }
}
