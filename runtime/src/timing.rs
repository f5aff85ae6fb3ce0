//! The measurements of `#[timed]`.

#[cfg(feature = "metrics")]
pub use crate::timed::feed_metrics;
#[cfg(feature = "futures")]
#[doc(inline)]
pub use crate::timed::watched::stream::stream;
pub use crate::timed::watched::{channel::channel, channels, future::future, futures, streams};
pub use crate::timed::{Allocations, Allocator};
#[cfg(feature = "report")]
pub use crate::timed::{Bucket, Polls, Report, ReportOnExit, Row, Tree, TreeNode, record_tree, report_on_exit};
#[cfg(feature = "serde")]
#[cfg_attr(docsrs, doc(cfg(feature = "serde")))]
pub use crate::timed::{Change, CompareError, Comparison, Figures, compare};
pub use crate::timed::{InFlight, in_flight, track_in_flight};
pub use crate::timed::{Outcomes, Timing, set_enabled};
#[cfg(feature = "serve")]
#[cfg_attr(docsrs, doc(cfg(feature = "serve")))]
pub use crate::timed::{Server, serve, serve_to_network};
pub use crate::timed::{TraceGuard, record_trace};

#[cfg(feature = "serde")]
#[doc(inline)]
pub use crate::__assert_no_slower as assert_no_slower;
#[doc(inline)]
pub use crate::__scope as scope;
pub use crate::timed::Scope;

/// Returns a snapshot of every measured function; in the scope of a [`testing::recorder`](crate::testing::recorder), of
/// those that were called there.
///
/// ```
/// use festoon::timed;
///
/// #[timed]
/// fn work() {}
///
/// work();
/// println!("{}", festoon::timing::report());
/// ```
#[cfg(feature = "report")]
#[must_use]
pub fn report() -> Report {
    crate::timed::collect_here()
}

/// The types of [`channel`], [`future`] and `stream`.
pub mod watched {
    pub use crate::timed::watched::channel::{ChannelFigures, ChannelPair, Stamped};
    pub use crate::timed::watched::future::{FutureFigures, WatchedFuture};
    pub use crate::timed::watched::stream::StreamFigures;
    #[cfg(feature = "futures")]
    #[cfg_attr(docsrs, doc(cfg(feature = "futures")))]
    pub use crate::timed::watched::stream::WatchedStream;

    /// Channels of `std::sync::mpsc`.
    pub mod std_mpsc {
        pub use crate::timed::watched::std_mpsc::{IntoIter, Iter, Receiver, Sender, SyncSender};
    }

    /// Channels of `tokio::sync::mpsc`.
    #[cfg(feature = "tokio")]
    #[cfg_attr(docsrs, doc(cfg(feature = "tokio")))]
    pub mod tokio_mpsc {
        pub use crate::timed::watched::tokio_mpsc::{
            Permit, Receiver, Sender, UnboundedReceiver, UnboundedSender, WeakSender, WeakUnboundedSender,
        };
    }

    /// Channels of `futures::channel::mpsc`.
    #[cfg(feature = "futures")]
    #[cfg_attr(docsrs, doc(cfg(feature = "futures")))]
    pub mod futures_mpsc {
        pub use crate::timed::watched::futures_mpsc::{
            Receiver, Sender, TrySendError, UnboundedReceiver, UnboundedSender,
        };
    }
}
