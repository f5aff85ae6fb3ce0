//! Behaviour, one file per feature.

mod decorate;
mod guard;
mod offload;
mod timed;
mod ui;
