//! Behaviour, one file per feature.

mod cached;
mod decorate;
mod guard;
mod hygiene;
mod offload;
mod shapes;
mod timed;
mod ui;
