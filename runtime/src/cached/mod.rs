//! `#[cached]`: what its expansions call.

mod bounded;
mod call;
mod entry;
mod flight;
mod handle;
mod instance;
mod key;
mod policy;
mod prime;
mod settings;
mod site;
mod store;
mod unbounded;
mod waits;

pub use bounded::Bounded;
pub use call::Found;
pub use entry::{Expiring, Lasting};
pub(crate) use handle::all;
pub use handle::{Cache, Info, NamedCache, SyncCache};
pub use key::{Arg, BorrowedArg, NoBorrowedArg, NoPlainArg, Opaque, Part, Parts, PlainArg};
pub use policy::{NoPlain, NoSuccesses, Plain, Returned, Successes};
pub use settings::Settings;
pub use site::{Site, look_up};
pub use unbounded::Unbounded;

/// The arguments of a function whose handle takes none.
#[derive(Debug)]
pub enum Never {}
