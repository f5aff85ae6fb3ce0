//! The number of arguments in `#[invalidates(get(id))]`, which is compared first, so that one mistake is reported once.

/// The arguments of a function: `N` of them.
#[diagnostic::on_unimplemented(
    message = "wrong number of arguments: {N}",
    label = "takes the arguments `{Self}`",
    note = "write the arguments of one call, as in `get(id)`, or `get` for the values of all calls"
)]
pub trait Count<const N: usize>: Sized {
    /// The same ones, so that those that are given are converted to them.
    type Arguments;

    /// As they are.
    fn counted(arguments: Self::Arguments) -> Self;
}

macro_rules! count {
    ($($count:literal: $($argument:ident)*;)*) => { $(
        #[diagnostic::do_not_recommend]
        impl<$($argument),*> Count<$count> for ($($argument,)*) {
            type Arguments = Self;

            fn counted(arguments: Self) -> Self {
                arguments
            }
        }
    )* };
}

count! {
    0: ;
    1: A;
    2: A B;
    3: A B C;
    4: A B C D;
    5: A B C D E;
    6: A B C D E G;
    7: A B C D E G H;
    8: A B C D E G H I;
    9: A B C D E G H I J;
    10: A B C D E G H I J K;
    11: A B C D E G H I J K L;
    12: A B C D E G H I J K L M;
}
