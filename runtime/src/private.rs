//! Everything that expansions may name. Not part of the public interface: it changes without notice.
#![allow(missing_docs, reason = "only named by expansions")]

pub use crate::__declare as declare;
#[cfg(any(feature = "timed", feature = "cached", feature = "retry"))]
pub use crate::lazy::{Start, lazy, then};
pub use crate::outcome::{Infallible, OutcomeKind, Probe, success};
pub use crate::site::{Declared, Place};
pub use tracing;

pub use festoon_macros::{__block as block, __pending as pending, __present as present};

pub mod decorate {
    pub use crate::decorate::function::*;
    pub use crate::decorate::{
        LayerSite, call, poll, with0, with1, with2, with3, with4, with5, with6, with7, with8, with9, with10, with11,
        with12,
    };
}

#[cfg(feature = "offload")]
pub mod offload {
    pub use crate::offload::{DefaultPool, RayonPool, TokioPool, run};
}

#[cfg(all(feature = "process", unix))]
pub mod process {
    pub use crate::process::init;
    pub use crate::workers::{
        Codec, Entry, Listed, Outcome, Pool, Settings, TestWorker, argument, call, encode, outcome, serve, serve_tests,
    };
    pub use inventory::submit;
}

#[cfg(feature = "queue")]
pub mod queue {
    pub use crate::cached::Redis;
    pub use crate::calls::Codec;
    pub use crate::queued::{
        Entry, Listed, Outcome, Spec, answer, argument, call, is_asked, key, outcome, request, serve, serve_async,
        unwanted,
    };
    pub use inventory::submit;
}

pub mod guard {
    pub use crate::guard::{Ending, Entered, NoError, exit, finish, finish_with, kind_of, told, told_kind};
    pub use crate::{Exit, Outcome, Verdict};
}

#[cfg(feature = "cached")]
pub mod cached {
    pub use crate::cached::{
        Arg, Bounded, CacheSite, Exact, FixedExpiry, Found, Id, InstanceScope, KeyParts, Local, LocalSite,
        LocalUnbounded, NoExpiry, RefreshArg, Refreshed, Returned, Rules, Settings, SlidingExpiry, Unbounded, Weighed,
        is_asked, look_up, look_up_refreshed, weight,
    };
    pub use std::thread_local;

    #[cfg(feature = "disk")]
    pub use crate::cached::Disk;
    #[cfg(feature = "redis")]
    pub use crate::cached::Redis;
    #[cfg(any(feature = "redis", feature = "disk"))]
    pub use crate::cached::{FoundRemote, Null, Shared, fail, look_up_remote, open};

    /// Dispatch by type, for one `use`.
    pub mod by_type {
        pub use crate::cached::{
            BorrowedArg as _, BorrowedRefreshArg as _, InnerNegatives as _, Negatives as _, NoBorrowedArg as _,
            NoBorrowedRefreshArg as _, NoNegatives as _, NoPlain as _, NoPlainArg as _, NoPlainRefreshArg as _,
            NoSuccesses as _, OkNegatives as _, Opaque as _, Plain as _, PlainArg as _, PlainRefreshArg as _,
            Successes as _,
        };
        #[cfg(any(feature = "redis", feature = "disk"))]
        pub use crate::cached::{NotStorable as _, NotStorableValues as _, Storable as _, StorableValues as _};
        pub use crate::refresh::InBackground as _;
    }
}

#[cfg(feature = "cached")]
pub mod interned {
    pub use crate::interned::interner;
}

#[cfg(feature = "cached")]
pub mod invalidates {
    pub use crate::Decorated;
    pub use crate::invalidates::{always, when_ok};
}

pub mod test {
    pub use crate::testing::test::{HAS_TOKIO_TIME, block_on, run, run_async};
}

#[cfg(feature = "timed")]
pub mod testing {
    pub use crate::timed::assert_under::{Figure, assert_under};
    pub use festoon_macros::__assert_under;
}

#[cfg(feature = "registry")]
pub mod registry {
    #[cfg(feature = "serde")]
    pub use crate::registry::wire;
    pub use crate::registry::{
        Concrete, Entry, Field, HasDefault, Later, Make, NoRegistry, Now, Place, Ready, Registered, Registry, Required,
        Rules, Singleton, Spec, by_default, construct_one, digest, no_arguments, registered, told,
    };
    pub use crate::{
        __registry_names as names, __registry_place as place, __registry_require as require,
        __registry_target as target,
    };
    pub use inventory::{collect, submit};
    pub use std::boxed::Box;
}

#[cfg(feature = "retry")]
pub mod retry {
    pub use crate::outcome::Probe;
    pub use crate::retryable::{Advice, Retryable, after};
    pub use crate::retrying::{
        AnyValue, Budget, Given, Instead, Jitter, Kind, Known, NamedBudget, NoSeries, Of, Own, Policy, RetrySite,
        Returned, Series, Wait, budgeted, cut_off_told, failure, jittered, judge_as_told, judge_when, run, run_when,
        start, start_async, take_or_clone, with_one, with_two,
    };
    pub use crate::timeout::cut_off;

    /// The traits behind the methods of `Of`.
    pub mod by_type {
        pub use crate::retrying::{Classless, Debugged, Impossible, Listens, NoText};
    }
}

#[cfg(feature = "resilience")]
pub use crate::__policy as policy;

#[cfg(feature = "resilience")]
pub mod policies {
    pub use crate::admitted::admitted;
    #[cfg(feature = "redis")]
    pub use crate::cached::policies::Sharing;
    pub use crate::policies::{Key, OwnKey, PolicySite};
    pub use crate::refused::{ends, granted, over};
}

#[cfg(feature = "resilience")]
pub mod hedge {
    pub use crate::hedge::{Hedge, race};
}

#[cfg(feature = "resilience")]
pub mod rate_limit {
    pub use crate::rate_limit::RateLimit;
}

#[cfg(feature = "resilience")]
pub mod bulkhead {
    pub use crate::bulkhead::{Bulkhead, ended, most};
}

#[cfg(feature = "resilience")]
pub mod circuit_breaker {
    pub use crate::circuit_breaker::{Breaker, always, ended};
}

#[cfg(feature = "resilience")]
pub mod timeout {
    pub use crate::timeout::{cut_off, limited};
}

#[cfg(feature = "resilience")]
pub mod fallback {
    pub use crate::falling_back::{parts, used, with};
}

#[cfg(feature = "timed")]
pub mod timed {
    pub use crate::__slow_event as slow_event;
    #[cfg(feature = "serde")]
    pub use crate::timed::assert_no_slower;
    pub use crate::timed::{Call, Scope, poll, poll_with, spanned};
    pub use crate::timed::{End, NoResult, NotPlain, Plain, Returned, follow, record_outcome, spanned_to_end, tell};
    pub use crate::timed::{List, NoArguments, Settings, Shown, SlowCall, TimedSite};
}

pub mod context_manager {
    pub use crate::context_manager::{Chain, Guard, hold, hold_async, hold_in_future, rolled_back};
    pub use crate::{AsyncExit, AsyncManager, Exit, Manager, Outcome, Verdict};
}

pub mod generator {
    pub use crate::context_manager::generator::{
        AsyncGenerator, ByMut, ByRef, ByValue, Done, Generator, Judges, Start, ToldKind, ToldOutcome, Yielder, done,
        refused,
    };
}

pub mod with {
    pub use crate::with::{
        Awaiting, Branch, Entering, Failing, Flow, Returned, Returns, Value, exit, exit_async, exit_async_passing,
        exit_passing, hold, hold_async, hold_in_future, no_error, no_jump,
    };

    /// Dispatch by type, for one `use`.
    pub mod by_type {
        pub use crate::with::{
            AwaitingEntered as _, Entered as _, Failed as _, Known as _, NoError as _, OtherError as _,
            ReturnedNoError as _, ReturnsNoError as _,
        };
    }
}

/// Tells the compiler that a closure is called once, so that it may move out of its captures.
#[inline]
pub fn once<R>(body: impl FnOnce() -> R) -> impl FnOnce() -> R {
    body
}

/// Tells the compiler the type of a block. Never called.
#[cold]
pub fn absurd<T>() -> T {
    unreachable!("festoon: this call stands behind `if false`")
}
