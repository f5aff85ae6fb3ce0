//! Decorators, guards and type registration, inspired by Python's, at the cost of hand-written code.
//!
//! ```
//! use festoon::{Decorated, cached, retry, timed};
//!
//! # #[derive(Debug)] struct ShopError;
//! # fn fetch(sku: &str) -> Result<u32, ShopError> { Ok(sku.len() as u32) }
//! #[timed(warn_over = 250ms)]                                  // outermost: measures everything below
//! #[cached(max = 10_000, ttl = 5m)]                            // hits never reach the retry loop
//! #[retry(attempts = 5, wait = exponential(50ms, max = 2s))]   // closest to the function: applied first
//! fn price(sku: &str) -> Result<u32, ShopError> {
//!     fetch(sku)
//! }
//!
//! assert_eq!((price("apple").unwrap(), price("apple").unwrap()), (5, 5));
//! assert_eq!(price.timing().calls(), 2);
//! assert_eq!((price.cache().info().hits, price.retries().calls), (1, 1));
//! ```
//!
//! * [`#[timed]`](macro@timed): how long calls take and how they end; [`timing`].
//! * [`#[cached]`](macro@cached): cached results, keyed by the arguments; [`cache`].
//! * [`#[invalidates]`](macro@invalidates): a function that writes invalidates the cached values it makes stale.
//! * [`#[retry]`](macro@retry): retries after a failure; [`Wait`], [`attempt`], [`deadline`], [`Budget`],
//!   [`mod@retry`]. [`#[derive(Retryable)]`](macro@Retryable): errors that know whether another attempt makes sense.
//! * [`#[timeout]`](macro@timeout), [`#[fallback]`](macro@fallback): what to return when a call takes too long or
//!   fails.
//! * [`#[rate_limit]`](macro@rate_limit), [`#[bulkhead]`](macro@bulkhead): limits on calls per period, or on concurrent
//!   calls.
//! * [`#[hedge]`](macro@hedge): a second call when the first one is slow; [`Hedge`].
//! * [`#[circuit_breaker]`](macro@circuit_breaker): calls are [`Refused`] while the service behind them keeps failing;
//!   [`Breaker`].
//! * [`#[decorate]`](macro@decorate): your own function or value wrapped around another function; [`Decorator`].
//!   [`stack!`](macro@stack) names several decorators at once.
//! * [`#[offload]`](macro@offload): a computation on a thread pool, in a worker process, or through a queue on another
//!   machine, awaited; [`#[festoon::main]`](macro@main) makes the program able to be such a process, [`worker`]
//!   serves a queue.
//! * [`#[derive(Guard)]`](macro@Guard): an exit that runs exactly once and knows how the scope ended; [`OutcomeKind`].
//! * [`with!`](macro@with), [`#[within]`](macro@within): context managers around a block or a function, which see every
//!   way out.
//! * [`#[context_manager]`](macro@context_manager), [`yield_!`]: a function as a context manager; [`context!`] for a
//!   real `yield`.
//! * [`#[derive(ContextManager)]`](macro@ContextManager): fields that are entered in order, and exited in reverse.
//! * [`Manager`], [`Exit`], their async forms and [`ExitStack`]: context managers, entered and exited once;
//!   [`managers`].
//! * [`#[registry]`](macro@registry), [`#[derive(Register)]`](macro@Register), [`#[register]`](macro@register): types
//!   that are created by name; [`require!`](macro@require) and [`link!`] make sure that they are linked.
//! * [`Interned`]: equal values share one allocation; [`#[interned]`](macro@interned) for the results of a function.
//! * [`testing`]: a virtual clock; counts and caches that belong to one test; [`#[test]`](macro@test) for all of them
//!   at once.
//!
//! The [`guide`] has a page for each task, from "Cache a function" to "Write your own decorator", and one for those
//! [coming from Python](guide::python).
//!
//! # Stacks
//!
//! The top attribute is the outermost wrapper, and the one closest to the function is applied first, even under renamed
//! imports and `cfg_attr`. Attributes of other crates that are written below festoon's keep their place, inside; one
//! that is written above has already run before festoon's do, and is inside them as well.
//!
//! A decorator on an `impl`, a `trait` or an inline `mod` applies to each function in it that can take it; `const fn`s
//! and tests are skipped, `#[festoon::skip]` leaves one out, and a function's own decorator overrides the one on its
//! block.
//!
//! # Features
//!
//! | feature | what it enables |
//! |---|---|
//! | `timed` (default) | `#[timed]`, [`timing`] |
//! | `cached` (default) | `#[cached]`, `#[invalidates]`, [`cache`]; `#[interned]`, [`Interned`] |
//! | `retry` (default) | `#[retry]`, [`Wait`] |
//! | `registry` (default) | `#[registry]`, `#[derive(Register)]`, `#[register]`, `require!` |
//! | `resilience` (default) | `#[timeout]`, `#[fallback]`, `#[circuit_breaker]`, `#[rate_limit]`, `#[bulkhead]`, `#[hedge]` |
//! | `offload` (default) | `#[offload]` |
//! | `report` (default) | [`timing::report`]: tables, HTML, Prometheus text; [`timing::report_on_exit`] |
//! | `futures-timer` (default) | async waits on any executor |
//! | `tokio` | async waits on tokio's timer inside its runtime; `#[offload]` on its blocking pool |
//! | `rayon` | `#[offload]` on rayon's pool |
//! | `tower` | [`tower`](mod@tower): policies as layers for tower services, and so for axum and tonic |
//! | `fan-out` | `f.each(inputs)`: many calls of one function at once |
//! | `process` | `#[offload(process)]`: calls in worker processes; [`process`] |
//! | `queue` | `#[offload(queue)]`: calls on other machines, through a queue in Redis; [`queue`] |
//! | `indicatif` | a progress bar for `each` |
//! | `redis` | `store = redis` for `#[cached]`, `#[rate_limit]`, `#[bulkhead]`: values and limits shared between processes |
//! | `reqwest`, `sqlx`, `tonic` | [`Retryable`] for the errors of these libraries; the transactions of `sqlx` as [context managers](AsyncExit); `sqlx` needs Rust 1.94 |
//! | `disk` | `#[cached(store = disk("path"))]`: values that outlive the process; needs Rust 1.90 |
//! | `tempfile` | the temporary files and folders of `tempfile` as [`managers`] |
//! | `lock-file` | [`managers::lock_file`]; needs Rust 1.89 |
//! | `redirect` | [`managers::redirect_stdout`] and `redirect_stderr`, on Unix |
//! | `serde` | [`Report::to_json`](timing::Report::to_json), [`Registry::to_json`], `#[registry(serde)]` |
//! | `futures` | `timing::stream`, and [`timing::channel`] for the channels of `futures` |
//! | `serve` | [`timing::serve`]: the report of a running program in a browser, and for Prometheus |
//! | `clap` | [`Registry::value_parser`] |
//! | `metrics` | `timing::feed_metrics`: every call is recorded through the `metrics` facade |
//! | `timed-off` | `#[timed]` leaves its item unchanged, in the whole build |
//!
//! `#[decorate]`, `stack!`, `with!`, `#[within]`, `#[context_manager]` and the derives of context managers need no
//! feature. Using a decorator whose feature is off is a compile error that tells you what to write in `Cargo.toml`.
// Decorated functions declare themselves in a linker section; in other crates the lint does not fire for this.
#![cfg_attr(test, allow(unsafe_code, reason = "tests call unsafe internals directly"))]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(all(
        feature = "timed",
        feature = "cached",
        feature = "retry",
        feature = "resilience",
        feature = "offload",
        feature = "report"
    )),
    allow(dead_code, unused_imports, unused_macros, reason = "used only by parts whose feature is off")
)]

extern crate self as festoon;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
#[cfg(feature = "resilience")]
mod admitted;
#[cfg(feature = "cached")]
mod background;
#[cfg(feature = "resilience")]
mod bulkhead;
#[cfg(feature = "cached")]
mod by_type;
#[cfg(feature = "cached")]
pub mod cache;
#[cfg(feature = "cached")]
mod cached;
#[cfg(any(feature = "queue", all(feature = "process", unix)))]
mod calls;
#[cfg(feature = "resilience")]
mod chain;
#[cfg(feature = "resilience")]
mod circuit_breaker;
mod clock;
#[cfg(any(feature = "cached", feature = "fan-out", feature = "offload"))]
mod context;
mod context_manager;
mod deadline;
#[cfg(any(feature = "cached", feature = "registry"))]
mod deadlock;
mod decorate;
mod decorated;
#[cfg(feature = "resilience")]
#[path = "fallback/public.rs"]
pub mod fallback;
#[cfg(feature = "resilience")]
#[path = "fallback/mod.rs"]
mod falling_back;
#[cfg(feature = "fan-out")]
mod fan_out;
mod guard;
#[cfg(doc)]
pub mod guide;
#[cfg(feature = "cached")]
mod hazard;
#[cfg(feature = "resilience")]
mod hedge;
#[cfg(feature = "cached")]
mod interned;
#[cfg(feature = "cached")]
mod invalidates;
mod label;
#[cfg(any(feature = "timed", feature = "cached", feature = "retry"))]
mod lazy;
mod link;
mod local;
pub mod managers;
pub mod metrics;
#[cfg(feature = "offload")]
mod offload;
#[cfg(feature = "offload")]
mod oneshot;
#[cfg(any(feature = "redis", feature = "disk", feature = "queue", all(feature = "process", unix)))]
mod options;
mod outcome;
#[cfg(feature = "resilience")]
mod policies;
#[cfg(all(feature = "process", unix))]
pub mod process;
#[cfg(all(feature = "process", not(unix)))]
compile_error!("the feature `process` of festoon needs Unix: run these calls in threads there, with `#[offload]`");
#[cfg(feature = "queue")]
pub mod queue;
#[cfg(all(feature = "queue", target_family = "wasm"))]
compile_error!(
    "the feature `queue` of festoon needs threads and sockets, which WebAssembly does not have: send the calls to a server"
);
#[cfg(feature = "queue")]
mod queued;
#[cfg(feature = "resilience")]
mod rate_limit;
#[cfg(feature = "cached")]
mod refresh;
#[cfg(feature = "resilience")]
mod refused;
#[cfg(feature = "registry")]
mod registry;
#[cfg(feature = "retry")]
#[path = "retry/public.rs"]
pub mod retry;
#[cfg(feature = "retry")]
mod retryable;
#[cfg(feature = "retry")]
#[path = "retry/mod.rs"]
mod retrying;
#[cfg(any(feature = "timed", feature = "cached", feature = "retry"))]
mod shards;
mod site;
mod sync;
#[cfg(any(feature = "registry", feature = "report"))]
mod table;
pub mod testing;
#[cfg(feature = "timed")]
mod timed;
#[cfg(any(feature = "retry", feature = "resilience", feature = "process"))]
mod timeout;
#[cfg(feature = "timed")]
pub mod timing;
#[cfg(feature = "tower")]
pub mod tower;
mod unwinding;
mod with;
#[cfg(all(feature = "process", unix))]
mod workers;

#[cfg(feature = "resilience")]
pub use bulkhead::{Bulkhead, Entering, Place};
#[cfg(feature = "cached")]
pub use cached::Memo;
#[cfg(feature = "resilience")]
pub use chain::{AsyncPolicy, CallsOnce, Chain, Policy, Running};
#[cfg(feature = "resilience")]
pub use circuit_breaker::{Breaker, BreakerState, BreakerStats, Permit};
pub use context_manager::generator::{AsyncGenerator, AsyncYielded, Generator, Yielded, Yields};
pub use context_manager::{AsyncExit, AsyncExitStack, AsyncManager, Exit, ExitStack, Guard, Manager, Verdict};
pub use deadline::{WithDeadline, deadline, deadline_in, time_left};
pub use decorate::{AsyncDecorator, Call, Decorator};
pub use decorated::Decorated;
#[cfg(feature = "resilience")]
pub use falling_back::Fallback;
#[cfg(feature = "fan-out")]
pub use fan_out::{Blocking, Calls, Collect, Each, FanOut, OnCores, Settled, Within};
pub use festoon_macros::{
    ContextManager, Guard, Register, Retryable, bulkhead, cached, circuit_breaker, context, context_manager, decorate,
    fallback, hedge, interned, invalidates, main, offload, rate_limit, register, registry, require, retry, skip, stack,
    test, timed, timeout, with, within,
};
pub use guard::Entered;
#[cfg(feature = "resilience")]
pub use hedge::Hedge;
#[cfg(feature = "cached")]
pub use interned::{InternStats, Internable, Interned, WeakInterned};
#[cfg(feature = "tokio")]
pub use managers::drain;
#[cfg(feature = "offload")]
pub use offload::Pool;
pub use outcome::{Outcome, OutcomeKind};
#[cfg(feature = "resilience")]
pub use policies::Policies;
#[cfg(feature = "queue")]
pub use queued::{Enqueue, QueueError, worker};
#[cfg(feature = "resilience")]
pub use rate_limit::{RateLimit, Turn};
#[cfg(feature = "resilience")]
pub use refused::{Reason, Refused};
#[cfg(all(feature = "registry", feature = "clap"))]
pub use registry::NameParser;
#[cfg(feature = "registry")]
pub use registry::{
    Concrete, CreateError, Entry, Field, HasDefault, Patch, Patched, PatchedHandle, Problem, Problems, Registered,
    Registry,
};
#[cfg(feature = "retry")]
pub use retryable::{Advice, Retryable};
#[cfg(feature = "retry")]
pub use retrying::{Attempt, Budget, Delays, Jitter, Retries, Retry, RetryError, Wait, attempt};
pub use site::{Site, sites};
#[cfg(feature = "timed")]
pub use timed::Timing;
#[cfg(any(feature = "retry", feature = "resilience", feature = "process"))]
pub use timeout::TimedOut;
#[cfg(feature = "resilience")]
pub use timeout::Timeout;
#[cfg(all(feature = "process", unix))]
pub use workers::WorkerError;
