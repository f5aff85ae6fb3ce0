//! `#[cached]`: what its expansions call.

mod bounded;
mod call;
mod detour;
mod entry;
mod exact;
mod flight;
mod functions;
mod handle;
mod info;
mod instance;
mod key;
mod life;
mod listed;
mod local;
mod memo;
#[cfg(any(feature = "redis", feature = "disk"))]
mod outer;
#[cfg(not(any(feature = "redis", feature = "disk")))]
#[path = "no_outer.rs"]
mod outer;
mod outlives;
mod policy;
mod question;
mod refresh;
mod removal;
mod rules;
mod settings;
mod site;
mod stats;
mod store;
mod thread;
mod through;
mod unbounded;
mod waits;

pub use bounded::Bounded;
pub use call::Found;
pub(crate) use detour::{EnteredFresh, FreshScope, carry_fresh, fresh_scope};
pub use entry::{Expiring, Lasting, Living, Weighed};
pub use exact::Exact;
pub use handle::{Cache, NamedCache, SyncCache};
pub(crate) use handle::{all, forget_all, tagged};
pub use info::Info;
pub use key::{Arg, BorrowedArg, NoBorrowedArg, NoPlainArg, Opaque, Part, Parts, PlainArg};
pub use local::{Local, LocalUnbounded};
pub use memo::{Memo, look_up_in, share};
#[cfg(feature = "disk")]
pub use outer::Disk;
#[cfg(feature = "redis")]
pub use outer::Redis;
#[cfg(any(feature = "redis", feature = "disk"))]
pub use outer::{
    FoundThrough, FromStoreError, NotStorable, NotStorableValues, Passing, Shared, Storable, StorableValues, Store,
    StoreError, StoreErrorKind, fail, look_up_through, open,
};
pub use outlives::{BorrowedOutlives, NoBorrowedOutlives, NoPlainOutlives, Outlives, PlainOutlives};
pub use policy::{Negatives, NoNegatives, NoPlain, NoSuccesses, Plain, Returned, Successes};
#[cfg(any(feature = "redis", feature = "disk"))]
pub use question::Elsewhere;
pub use refresh::Refreshed;
pub use removal::Removal;
pub use rules::Rules;
pub use settings::Settings;
pub use site::{Site, look_up, look_up_refreshed, look_up_with};
pub use thread::{LocalSite, look_up_local};
pub use unbounded::Unbounded;

/// The arguments of a function whose handle takes none.
#[derive(Debug)]
pub enum Never {}
