//! `shapes.rs` as Rust 2018.

#[cfg(test)]
#[path = "../../../shapes.rs"]
mod shapes;
