//! `#[derive(ContextManager)]`: two files that are opened together, and closed in reverse. `#[context_manager]`: a
//! function around a scope.

use festoon::{ContextManager, Exit, Manager, Outcome, Verdict, Yields, context_manager, with, yield_};
use std::io;

struct Open(&'static str);

struct Opened(&'static str);

impl Manager for Open {
    type Active = Opened;
    type EnterError = io::Error;

    fn enter(self) -> io::Result<Opened> {
        if self.0.is_empty() {
            return Err(io::Error::other("a file needs a name"));
        }
        println!("  open {}", self.0);
        Ok(Opened(self.0))
    }
}

impl<E> Exit<E> for Opened {
    fn exit(self, how: Outcome<'_, E>) -> Result<Verdict<E>, E> {
        println!("  close {}, after {}", self.0, how.name());
        Ok(Verdict::Pass)
    }
}

#[derive(ContextManager)]
#[context(error = io::Error)]
struct Copying {
    #[managed]
    from: Open,
    #[managed]
    to: Open,
}

fn copy(from: &'static str, to: &'static str) -> io::Result<usize> {
    Copying { from: Open(from), to: Open(to) }.scope(|files| Ok(files.from.0.len() + files.to.0.len()))
}

#[context_manager]
fn section(name: &str) -> Yields<&str> {
    println!("{name} {{");
    let how = yield_!(name);
    println!("}} {name}, after {how}");
}

fn main() {
    with!(name = section("copies") => {
        println!("  in {}", &**name);
    });
    println!("{:?}", copy("a.txt", "b.txt"));
    println!("{:?}", copy("a.txt", ""));
}
