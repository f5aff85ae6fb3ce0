//! An argument that may not leave its thread.
use festoon::offload;

#[offload]
pub fn double(n: std::rc::Rc<u32>) -> u32 {
    *n * 2
}

fn main() {}
