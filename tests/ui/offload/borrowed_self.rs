//! A method that borrows.
use festoon::offload;

pub struct Text(String);

impl Text {
    #[offload]
    pub fn words(&self) -> usize {
        self.0.split(' ').count()
    }

    #[offload]
    pub fn lines(self: &std::sync::Arc<Self>) -> usize {
        self.0.lines().count()
    }
}

fn main() {}
