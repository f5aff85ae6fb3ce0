//! `#[cached]`: the functions that its expansions call.
//!
//! In: a key by reference and the body, from an expansion. Out: the value, from a store or from the body. Open `lookup.rs`
//! first; a hit ends in `core.rs` and `store/`, a miss goes on in `flight/`, a store outside of the process is in `remote/`.

mod core;
mod flight;
mod handle;
mod info;
mod key;
mod lookup;
#[cfg(any(feature = "redis", feature = "disk"))]
mod remote;
#[cfg(not(any(feature = "redis", feature = "disk")))]
#[path = "no_remote.rs"]
mod remote;
mod removal;
mod scope;
mod stats;
mod store;
mod value;

pub(crate) use self::core::Core;
pub use flight::call::Found;
pub use flight::owned::{BorrowedRefreshArg, NoBorrowedRefreshArg, NoPlainRefreshArg, PlainRefreshArg, RefreshArg};
pub(crate) use flight::refresh::Claim;
pub use flight::refresh::Refreshed;
pub use handle::cache::{Cache, NamedCache, SyncCache};
pub(crate) use handle::cache::{all, tagged};
pub use handle::forgets::Forgets;
pub use handle::probe::is_asked;
pub use info::Info;
pub use key::{Arg, BorrowedArg, KeyParts, NoBorrowedArg, NoPlainArg, Opaque, PlainArg};
pub use lookup::{Id, look_up, look_up_refreshed};
#[cfg(feature = "disk")]
pub use remote::Disk;
#[cfg(feature = "redis")]
pub use remote::Redis;
#[cfg(feature = "redis")]
pub(crate) use remote::policies;
#[cfg(any(feature = "redis", feature = "disk"))]
pub use remote::{
    FoundRemote, FromStoreError, NotStorable, NotStorableValues, Shared, Storable, StorableValues, Store, StoreError,
    StoreErrorKind, fail, look_up_remote, open, set_prefix,
};
#[cfg(feature = "queue")]
pub(crate) use remote::{jobs, pause};
pub use removal::Removal;
pub use scope::instance::{InstanceScope, Memo};
pub use scope::process::CacheSite;
pub(crate) use scope::test::{FreshScope, carry_fresh, fresh_scope};
pub use scope::thread::LocalSite;
pub(crate) use store::Types;
pub use store::concurrent::{Bounded, Unbounded};
pub(crate) use store::concurrent::{Header, Kind, Pointer, RawCache};
pub use store::local::{Local, LocalUnbounded};
pub use store::lru::Exact;
#[cfg(any(feature = "redis", feature = "disk"))]
pub use store::null::Null;
pub use value::entry::{FixedExpiry, NoExpiry, SlidingExpiry, Weighed};
pub(crate) use value::policy::Policy;
pub use value::policy::by_type::{
    InnerNegatives, Negatives, NoNegatives, NoPlain, NoSuccesses, OkNegatives, Plain, Returned, Successes,
};
pub use value::rules::Rules;
pub use value::settings::Settings;
pub use value::weight::weight;
