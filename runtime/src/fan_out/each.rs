//! Functions of one to six arguments, called with inputs.

use std::num::NonZeroUsize;

use super::cores::OnCores;
use super::stream::FanOut;

/// Calls a function once for each of many inputs, several at a time.
///
/// Every function and closure with one to six arguments implements it; with more than one, the inputs are tuples.
/// Methods need a closure: `(|id| shop.price(id)).each(ids)`.
///
/// ```
/// use festoon::Each;
///
/// async fn fetch(url: &str) -> Result<usize, std::io::Error> {
///     Ok(url.len())
/// }
///
/// # futures_executor::block_on(async {
/// let sizes: Result<Vec<usize>, _> = fetch.each(["a", "bb", "ccc"]).limit(2).collect().await;
/// assert_eq!(sizes.unwrap(), [1, 2, 3]);
///
/// async fn add(a: u32, b: u32) -> u32 { a + b }
/// let sums: Vec<u32> = add.each([(1, 2), (3, 4)]).limit(16).collect().await;
/// assert_eq!(sums, [3, 7]);
/// # });
/// ```
#[diagnostic::on_unimplemented(
    message = "`each` and `enqueue` need a function with one to six arguments, found `{Self}`",
    label = "cannot be called with one input at a time",
    note = "put more arguments into a struct, or call the function directly"
)]
pub trait Each<Arguments>: Sized {
    /// The input of one call: its argument, or a tuple of its arguments.
    type Input;
    /// The return value of one call: for an async function, its future.
    type Output;

    #[doc(hidden)]
    fn call_with(&self, input: Self::Input) -> Self::Output;

    /// Calls the function once for each input. Nothing happens until the calls are awaited or collected.
    fn each<I: IntoIterator<Item = Self::Input>>(self, inputs: I) -> Calls<Self, I::IntoIter, Arguments> {
        Calls { function: self, inputs: inputs.into_iter(), arguments: std::marker::PhantomData }
    }
}

macro_rules! arguments {
    ($input:ty, $pattern:pat, $($name:ident: $type:ident),+) => {
        #[diagnostic::do_not_recommend]
        impl<F: Fn($($type),+) -> R, R, $($type),+> Each<($($type,)+)> for F {
            type Input = $input;
            type Output = R;

            #[allow(clippy::many_single_char_names, reason = "they are named after their types")]
            fn call_with(&self, $pattern: $input) -> R {
                self($($name),+)
            }
        }
    };
}

arguments!(A, a, a: A);
arguments!((A, B), (a, b), a: A, b: B);
arguments!((A, B, C), (a, b, c), a: A, b: B, c: C);
arguments!((A, B, C, D), (a, b, c, d), a: A, b: B, c: C, d: D);
arguments!((A, B, C, D, E), (a, b, c, d, e), a: A, b: B, c: C, d: D, e: E);
arguments!((A, B, C, D, E, G), (a, b, c, d, e, g), a: A, b: B, c: C, d: D, e: E, g: G);

/// A function and its inputs; see [`Each::each`].
#[must_use = "no call is made until it is awaited or collected: continue with `.limit(16)` or `.on_cores()`"]
pub struct Calls<F, I, Arguments> {
    pub(super) function: F,
    pub(super) inputs: I,
    arguments: std::marker::PhantomData<fn(Arguments)>,
}

impl<F: Each<Arguments>, I: Iterator<Item = F::Input>, Arguments> Calls<F, I, Arguments> {
    /// Runs at most this many calls of an async function at a time.
    ///
    /// # Panics
    /// If the limit is zero.
    pub fn limit(self, limit: usize) -> FanOut<F, I, Arguments>
    where
        F::Output: Future,
    {
        let limit = NonZeroUsize::new(limit).expect("festoon: with a limit of zero no call would ever be made");
        FanOut::new(self.function, self.inputs, limit)
    }

    /// Calls a sync function on every core: on rayon's pool with the feature `rayon`, otherwise on threads that are
    /// started for it.
    ///
    /// An async function would only create futures that nobody awaits: write `.limit(16).spawn()` for one.
    pub fn on_cores(self) -> OnCores<F, I, Arguments> {
        OnCores::new(self.function, self.inputs)
    }
}
