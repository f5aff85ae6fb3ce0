//! A method that changes its value.
use festoon::offload;

pub struct Text(String);

impl Text {
    #[offload]
    pub fn push(&mut self, c: char) {
        self.0.push(c);
    }
}

fn main() {}
