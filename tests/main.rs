//! Behaviour, one file per feature.

mod decorate;
mod offload;
mod timed;
mod ui;
