//! Many calls of one function at once: `fetch.each(urls).limit(16)`.
//!
//! In: a function and inputs. Out: a stream, or all results at once. Open `stream.rs` first, with the calls of an async
//! function; `cores.rs` has those of a sync one, `collect.rs` and `settle.rs` how they end.

mod blocking;
mod collect;
mod cores;
mod each;
mod running;
mod settle;
mod stream;
mod threads;
mod within;

pub use blocking::Blocking;
pub use collect::Collect;
pub use cores::OnCores;
pub use each::{Calls, Each};
pub use settle::Settled;
pub use stream::FanOut;
pub use within::Within;

use std::any::Any;
use std::panic::resume_unwind;

type Panic = Box<dyn Any + Send>;

/// Resumes the panic of a call, with its number, counted from zero.
fn resume(number: usize, panic: Panic) -> ! {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    match text.or_else(|| panic.downcast_ref::<String>().cloned()) {
        Some(text) => resume_unwind(Box::new(format!("input {number}: {text}"))),
        None => resume_unwind(panic),
    }
}
