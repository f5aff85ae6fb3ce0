//! Behaviour, one file per feature.

mod assert_under;
mod cached;
mod decorate;
mod events;
mod guard;
mod hygiene;
mod matrix;
mod offload;
mod places;
mod registry;
mod retry;
mod shapes;
mod stack;
mod stack_macro;
mod timed;
mod ui;
