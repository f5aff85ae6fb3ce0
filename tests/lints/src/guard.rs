//! `#[derive(Guard)]`.

use festoon::{Guard, Outcome, OutcomeKind};
use std::fmt::Debug;
use std::io;

/// Private, in a public guard.
#[derive(Debug)]
struct Connection(u8);

/// Public, and some of its methods unused.
#[derive(Debug, Guard)]
#[guard(exit = Self::end)]
pub struct Transaction<'data, T: Debug + ?Sized> {
    /// Where it goes.
    connection: Connection,
    /// What is written.
    pub data: &'data T,
}

impl<'data, T: Debug + ?Sized> Transaction<'data, T> {
    /// A new one.
    pub const fn new(data: &'data T) -> Self {
        Self { connection: Connection(1), data }
    }

    /// Ends it.
    fn end(&mut self, how: OutcomeKind) {
        if how == OutcomeKind::Success {
            self.connection.0 = 0;
        }
    }
}

/// Private, and all of its methods unused.
#[derive(Debug, Guard)]
#[guard(exit = Self::end, error = io::Error)]
struct Upload(Connection);

impl Upload {
    /// Ends it.
    fn end(&mut self, how: Outcome<'_, io::Error>) -> io::Result<()> {
        if let Outcome::Error(error) = how {
            *error = io::ErrorKind::Other.into();
        }
        if self.0.0 == 0 { Err(io::ErrorKind::InvalidInput.into()) } else { Ok(()) }
    }
}

/// A unit.
#[derive(Debug, Guard)]
#[guard(exit = |_: &mut Self| {})]
pub struct Unit;

/// Uses the private one.
pub fn upload() {
    let upload = Upload(Connection(2));
    drop(upload);
}
