//! The return types of `weigh`.

/// A number that is a weight.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a weight",
    label = "`weigh` has to return a `u64`, or a smaller number",
    note = "convert it: `weigh = |value| u64::try_from(..).unwrap_or(u64::MAX)`"
)]
pub trait Weight {
    /// Converted to the type in which weights are added up.
    fn units(self) -> u64;
}

macro_rules! unsigned {
    ($($number:ty)*) => { $(
        #[diagnostic::do_not_recommend]
        impl Weight for $number {
            fn units(self) -> u64 {
                self.into()
            }
        }
    )* };
}

unsigned!(u64 u32 u16 u8);

#[diagnostic::do_not_recommend]
impl Weight for usize {
    fn units(self) -> u64 {
        self as u64
    }
}

/// The type of a literal, as in `|_| 1`. A negative weight is larger than any capacity.
#[diagnostic::do_not_recommend]
impl Weight for i32 {
    fn units(self) -> u64 {
        self.try_into().unwrap_or(u64::MAX)
    }
}

/// Calls a function's `weigh`.
pub fn weight<V, W: Weight>(weigh: impl FnOnce(&V) -> W, value: &V) -> u64 {
    weigh(value).units()
}
