//! `timing::channel`, `timing::stream`, `timing::future`: watched channels, streams and futures.
//!
//! In: what is sent, received and polled. Out: figures by name, which reports and `metrics` show. Open `channel.rs` first;
//! `std_mpsc.rs`, `tokio_mpsc.rs` and `futures_mpsc.rs` wrap each kind of channel around it.

pub(crate) mod channel;
pub(crate) mod future;
#[cfg(feature = "futures")]
pub(crate) mod futures_mpsc;
mod names;
pub(crate) mod std_mpsc;
pub(crate) mod stream;
#[cfg(feature = "tokio")]
pub(crate) mod tokio_mpsc;
#[cfg(any(feature = "tokio", feature = "futures"))]
mod waiting;

/// The figures of all watched channels, in the order of their names; see [`channel`](crate::timing::channel).
///
/// They are those of the process, also in the scope of a [`testing::recorder`](crate::testing::recorder).
#[must_use]
pub fn channels() -> Vec<channel::ChannelFigures> {
    names::all().into_iter().map(channel::Channel::figures).collect()
}

/// The figures of all watched streams, in the order of their names; see [`stream`](crate::timing::stream).
#[must_use]
pub fn streams() -> Vec<stream::StreamFigures> {
    names::all().into_iter().map(stream::StreamSite::figures).collect()
}

/// The figures of all watched futures, in the order of their names; see [`future`](crate::timing::future).
#[must_use]
pub fn futures() -> Vec<future::FutureFigures> {
    names::all().into_iter().map(future::FutureSite::figures).collect()
}
