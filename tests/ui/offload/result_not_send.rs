//! A result that may not leave its thread.
use festoon::offload;

#[offload]
pub fn double(n: u32) -> std::rc::Rc<u32> {
    std::rc::Rc::new(n * 2)
}

fn main() {}
