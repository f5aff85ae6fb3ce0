//! The context of a call chain, for work that continues elsewhere: whatever crosses to another thread or task carries
//! all of it.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{self, Poll};

use crate::clock::{self, VirtualClock};
use crate::deadline;
#[cfg(feature = "registry")]
use crate::registry::Patches;
#[cfg(feature = "retry")]
use crate::retrying::{Frame, stage};
#[cfg(feature = "timed")]
use crate::timed::scoped;
#[cfg(feature = "report")]
use crate::timed::tree;
#[cfg(feature = "cached")]
use crate::{cached, cached::FreshScope};

/// One line for each part: its type, how to get this thread's, and how to set another thread's until the guard is
/// dropped. An absent value is carried too, since a pool's thread may be in the middle of something else.
macro_rules! parts {
    ($($(#[$cfg:meta])* $part:ident: $type:ty = $current:expr, $enter:expr;)*) => {
        /// A thread's knowledge about the call that it is in.
        #[derive(Clone)]
        pub(crate) struct Context {
            $($(#[$cfg])* $part: $type,)*
            span: tracing::Span,
        }

        impl Context {
            /// The context of this thread.
            pub(crate) fn current() -> Self {
                Context { $($(#[$cfg])* $part: $current,)* span: tracing::Span::current() }
            }

            /// Runs this within the context.
            pub(crate) fn run<R>(self, work: impl FnOnce() -> R) -> R {
                $($(#[$cfg])* let _entered = $enter(self.$part);)*
                self.span.in_scope(work)
            }
        }
    };
}

parts! {
    clock: Option<Arc<VirtualClock>> = clock::current(), clock::carry;
    deadline: u64 = deadline::current(), deadline::carry;
    #[cfg(feature = "timed")]
    recorder: Option<Arc<scoped::Scope>> = scoped::current(), scoped::carry;
    #[cfg(feature = "report")]
    position: Option<tree::Position> = tree::current(), tree::carry;
    #[cfg(feature = "cached")]
    caches: Option<Arc<FreshScope>> = cached::fresh_scope(), cached::carry_fresh;
    #[cfg(feature = "registry")]
    patches: Patches = Patches::current(), Patches::carry;
    #[cfg(feature = "retry")]
    attempt: Frame = Frame::current(), Frame::carry;
    #[cfg(feature = "retry")]
    stage: Option<Arc<stage::Stage>> = stage::current(), stage::carry;
}

pin_project_lite::pin_project! {
    /// A future with the context of the thread that spawned it, wherever it is polled.
    pub(crate) struct Carried<F> {
        #[pin]
        future: F,
        known: Context,
    }
}

impl<F> Carried<F> {
    pub(crate) fn new(future: F) -> Self {
        Carried { future, known: Context::current() }
    }
}

impl<F: Future> Future for Carried<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut task::Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        this.known.clone().run(|| this.future.poll(context))
    }
}
