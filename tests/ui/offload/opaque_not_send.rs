//! An argument that may not leave its thread, without a name.
use festoon::offload;

#[offload]
pub fn show(value: impl std::fmt::Display) -> String {
    value.to_string()
}

fn main() {}
