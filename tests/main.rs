//! Behaviour, one file per feature.

mod assert_under;
mod cached;
mod decorate;
mod guard;
mod hygiene;
mod matrix;
mod offload;
mod registry;
mod retry;
mod shapes;
mod stack;
mod stack_macro;
mod timed;
mod ui;
