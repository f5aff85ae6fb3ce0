//! `shapes.rs` as Rust 2021.

#[cfg(test)]
#[path = "../../../shapes.rs"]
mod shapes;
