//! `shapes.rs` and its like as Rust 2021.

#[cfg(test)]
#[path = "../../../decorate.rs"]
mod decorate;
#[cfg(test)]
#[path = "../../../shapes.rs"]
mod shapes;
#[cfg(test)]
#[path = "../../../stack_macro.rs"]
mod stack_macro;
