use festoon::managers::suppress;
use festoon::{Exit, Manager, with};
use std::io;

struct Open;

impl Manager for Open {
    type Active = festoon::managers::NullContext<u8>;
    type EnterError = io::Error;

    fn enter(self) -> io::Result<Self::Active> {
        Ok(festoon::managers::nullcontext(1))
    }
}

fn main() {
    let _ = suppress(|_: &()| true).scope_opt(|_| Ok(()));
    with!(Open => {});
}
