//! `shapes.rs` and similar files as Rust 2018.
// The tests decorate functions of every shape, odd ones included; `tests/lints` shows that decorators are quiet.
#![allow(
    clippy::items_after_statements,
    clippy::needless_for_each,
    clippy::needless_pass_by_value,
    clippy::ptr_arg,
    clippy::trivially_copy_pass_by_ref,
    clippy::unnecessary_wraps,
    clippy::unnested_or_patterns,
    clippy::unused_async,
    clippy::unused_self,
    clippy::uninlined_format_args,
    reason = "tests say things as users do, and put items where they are used"
)]

#[cfg(test)]
#[path = "../../../decorate.rs"]
mod decorate;
#[cfg(test)]
#[path = "../../../offload.rs"]
mod offload;
#[cfg(test)]
#[path = "../../../pairs.rs"]
mod pairs;
#[cfg(test)]
#[path = "../../../shapes.rs"]
mod shapes;
#[cfg(test)]
#[path = "../../../stack_macro.rs"]
mod stack_macro;
