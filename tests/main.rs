//! Behaviour, one file per feature.
// The tests decorate functions of every shape, odd ones included; `tests/lints` shows that decorators are quiet.
#![allow(
    non_local_definitions,
    dropping_copy_types,
    clippy::drop_non_drop,
    clippy::extra_unused_type_parameters,
    clippy::infinite_iter,
    clippy::items_after_statements,
    clippy::needless_for_each,
    clippy::needless_pass_by_value,
    clippy::redundant_closure_for_method_calls,
    clippy::similar_names,
    clippy::type_complexity,
    clippy::unnecessary_operation,
    clippy::unreadable_literal,
    clippy::ptr_arg,
    clippy::trivially_copy_pass_by_ref,
    clippy::unnecessary_wraps,
    clippy::unnested_or_patterns,
    clippy::unused_async,
    clippy::unused_self,
    clippy::uninlined_format_args,
    reason = "tests say things as users do, and put items where they are used"
)]

mod again;
mod assert_under;
mod bulkhead;
mod cached;
mod chain;
mod circuit_breaker;
mod coercions;
mod conditional;
mod context_manager;
mod deadlock;
mod decorate;
mod endings;
mod events;
mod fallback;
mod fan_out;
mod fleet;
mod guard;
mod hedge;
mod hygiene;
mod interned;
mod invalidates;
mod linked;
mod matrix;
mod metrics;
mod offload;
mod pairs;
// Not in `pairs`, which Rust 2018 and 2021 have too: it needs the servers of the tests.
mod paused;
mod places;
mod process;
mod programs;
mod queue;
mod rate_limit;
mod registry;
#[path = "pairs/remote.rs"]
mod remote_pairs;
mod retry;
mod retryable;
mod shapes;
mod shared_limits;
mod soak;
mod stack;
mod stack_macro;
mod test;
mod timed;
mod timeout;
mod tower;
mod ui;
mod unwind_safe;
mod versions;
mod watched;
mod with;
mod within;
