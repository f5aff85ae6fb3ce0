//! Runs one call from its encoded arguments.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::codec::{Codecs, Outcome, Work};
use super::reply::{Reply, text_of};

/// Decodes the arguments, runs the function and encodes its result. A panic becomes a reply as well.
pub fn serve<C: Codecs, W: Work<C::Values>, E>(
    bytes: &[u8],
    codecs: &C,
    outcome: &Outcome<W::Output, E>,
    work: W,
) -> Reply {
    let arguments = match codecs.decode(bytes) {
        Ok(arguments) => arguments,
        Err(error) => return Reply::broken(format!("an argument: {error}")),
    };
    match catch_unwind(AssertUnwindSafe(|| work.run(arguments))) {
        Ok(result) => outcome.encode(&result).map_or_else(Reply::broken, Reply::value),
        Err(panic) => Reply::panic(text_of(&*panic)),
    }
}
