//! Tells a function that decorates an `async` one, and only makes its future, from one that runs it.

use std::marker::PhantomData;

/// The future of a function, and what its decorator returned.
pub struct Made<Own, Returned>(PhantomData<fn() -> (Own, Returned)>);

impl<U> Made<U, U> {
    /// They are one: it has not run yet. If they differ, the method of [`Ran`] is called.
    #[deprecated(
        note = "this decorator is not `async`, so that it wraps only the making of the future, and has returned before \
                the function runs: write `async fn decorator(next: impl AsyncFnOnce(..) -> R, ..) -> R`, which awaits \
                `next(..)`"
    )]
    pub fn decorates_nothing(&self) {}
}

/// The decorator returned a future of its own.
pub trait Ran {
    /// As it should be.
    fn decorates_nothing(&self) {}
}

impl<U, R> Ran for Made<U, R> {}

/// The future of a function. A method, since the compiler says nothing of methods of a type that a mistake has left
/// unknown.
pub trait Undecorated: Sized {
    /// What its decorator returned.
    fn and<R>(self, _: &R) -> Made<Self, R> {
        Made(PhantomData)
    }
}

impl<U> Undecorated for U {}

macro_rules! made {
    ($($made:ident: $($type:ident $own:ident)*;)*) => { $(
        /// The future of a function with this many arguments. Compiled for its type, and never called.
        pub fn $made<F, N, U, R, $($type, $own),*>(_: &F, _: &R) -> U
        where
            F: FnOnce(N, $($type),*) -> R,
            N: FnOnce($($own),*) -> U,
        {
            unreachable!("in a closure that nobody calls")
        }
    )* };
}

made! {
    made0: ;
    made1: A A2;
    made2: A A2 B B2;
    made3: A A2 B B2 C C2;
    made4: A A2 B B2 C C2 D D2;
    made5: A A2 B B2 C C2 D D2 E E2;
    made6: A A2 B B2 C C2 D D2 E E2 G G2;
    made7: A A2 B B2 C C2 D D2 E E2 G G2 H H2;
    made8: A A2 B B2 C C2 D D2 E E2 G G2 H H2 I I2;
    made9: A A2 B B2 C C2 D D2 E E2 G G2 H H2 I I2 J J2;
    made10: A A2 B B2 C C2 D D2 E E2 G G2 H H2 I I2 J J2 K K2;
    made11: A A2 B B2 C C2 D D2 E E2 G G2 H H2 I I2 J J2 K K2 L L2;
    made12: A A2 B B2 C C2 D D2 E E2 G G2 H H2 I I2 J J2 K K2 L L2 M M2;
}
