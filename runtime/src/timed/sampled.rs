//! Calls of sites that are sampled or show their arguments.

use std::mem;

use super::call::{Call, Running, UNREAD, finish_slow, finish_with, succeed};
use super::shard::Shard;
use super::site::TimedSite;
use super::slow::Arguments;
use crate::outcome::OutcomeKind;

/// Like [`Timer`](super::Timer), for such a site.
#[must_use]
pub struct TimerWith<'c, A: Arguments, const RETURNS: bool> {
    way: Way<'c>,
    arguments: A,
}

/// How the call is handled.
enum Way<'c> {
    /// It is measured, unless the site is off.
    Measured(&'c mut Option<Running>),
    /// It is only counted, here.
    PassedOver(&'static Shard),
    /// It has been handled.
    Over,
}

impl<const RETURNS: bool> Call<RETURNS> {
    /// Like [`start`](Call::start), for a site that shows its arguments.
    #[inline]
    pub fn start_with<A: Arguments>(
        &mut self,
        site: &'static TimedSite,
        inside: &'static str,
        arguments: A,
    ) -> TimerWith<'_, A, RETURNS> {
        if site.may_be_on(inside) {
            self.begin(site);
        }
        TimerWith { way: Way::Measured(&mut self.0), arguments }
    }

    /// The same for a site that is sampled.
    #[inline]
    pub fn sample<A: Arguments>(
        &mut self,
        site: &'static TimedSite,
        inside: &'static str,
        arguments: A,
    ) -> TimerWith<'_, A, RETURNS> {
        if site.may_be_on(inside) {
            if let Some(shard) = site.passes_over() {
                return TimerWith { way: Way::PassedOver(shard), arguments };
            }
            self.begin(site);
        }
        TimerWith { way: Way::Measured(&mut self.0), arguments }
    }
}

impl<A: Arguments> TimerWith<'_, A, true> {
    /// Like [`Timer::ended`](super::Timer::ended).
    #[inline]
    pub fn ended<R>(mut self, value: &R, kind: impl FnOnce(&R) -> OutcomeKind) {
        let is_error = kind(value) == OutcomeKind::Error;
        match mem::replace(&mut self.way, Way::Over) {
            Way::Measured(Some(call)) if is_error => fail(call, &self.arguments),
            Way::Measured(Some(call)) => finish_returned(call, &self.arguments),
            Way::PassedOver(shard) if is_error => shard.fails_passed_over(OutcomeKind::Error),
            _ => {}
        }
    }
}

impl<A: Arguments, const RETURNS: bool> Drop for TimerWith<'_, A, RETURNS> {
    #[inline]
    fn drop(&mut self) {
        match &self.way {
            Way::PassedOver(shard) if std::thread::panicking() => shard.fails_passed_over(OutcomeKind::Panic),
            Way::Measured(Some(call)) => finish(call, &self.arguments),
            _ => {}
        }
    }
}

#[cold]
#[inline(never)]
fn fail(call: &Running, arguments: &dyn Arguments) {
    finish_with(call, UNREAD, OutcomeKind::Error, arguments);
}

#[inline(never)]
fn finish(call: &Running, arguments: &dyn Arguments) {
    let ended = if std::thread::panicking() { Err(UNREAD) } else { call.finish_if_common() };
    if let Err(now) = ended {
        finish_slow(call, now, arguments);
    }
}

#[inline(never)]
fn finish_returned(call: &Running, arguments: &dyn Arguments) {
    if let Err(now) = call.finish_if_common() {
        succeed(call, now, arguments);
    }
}
