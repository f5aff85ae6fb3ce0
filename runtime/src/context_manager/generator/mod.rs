//! The expansion of `#[context_manager]`: a function's body is a future, which waits in the `yield_!` while the scope
//! runs.

mod asynchronous;
mod channel;
mod ended;
mod running;
mod synchronous;

use std::marker::PhantomData;

pub use asynchronous::{AsyncGenerator, AsyncYielded};
pub use channel::{ByMut, ByRef, ByValue, ToldKind, ToldOutcome, Yielder};
pub use ended::{Done, Judges, done, refused};
pub use running::Start;
pub use synchronous::{Generator, Yielded};

/// What a function with [`#[context_manager]`](macro@crate::context_manager) yields to its scope: `Yields<T>` is a
/// value, `Yields<&T>` and `Yields<&mut T>` are borrows.
///
/// It is only used in return types, alone or in a `Result`; it has no values.
#[derive(Debug)]
pub struct Yields<T>(PhantomData<T>);

/// Yields to the scope, once, in a function with [`#[context_manager]`](macro@crate::context_manager): the code before
/// it enters, and the code after it exits. Returns how the scope ended.
///
/// ```
/// use festoon::{OutcomeKind, Yields, context_manager, yield_};
///
/// #[context_manager]
/// fn numbered(count: &mut u32) -> Yields<u32> {
///     *count += 1;
///     let how = yield_!(*count);
///     assert_eq!(how, OutcomeKind::Success);
/// }
///
/// let mut count = 6;
/// assert_eq!(numbered(&mut count).scope(|number| Ok::<u32, String>(**number)), Ok(7));
/// ```
#[macro_export]
macro_rules! yield_ {
    (@festoon $told:ident = $call:expr) => {{
        $told = $call.await;
        $told.outcome()
    }};
    // In a function with a mistake, which has been reported.
    (@broken $($value:tt)*) => {
        $crate::__private::absurd()
    };
    ($($value:tt)*) => {
        ::core::compile_error!("`yield_!` has to be in a function with `#[festoon::context_manager]`, outside of its closures and `async` blocks")
    };
}
