//! Behaviour, one file per feature.

mod timed;
mod ui;
