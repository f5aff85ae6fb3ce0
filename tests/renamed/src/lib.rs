//! A crate that depends on festoon under another name.

/// A re-export, as a framework would have it.
pub mod kit {
    #[doc(hidden)]
    pub use decorators::__private;
    pub use decorators::*;
}

/// A framework's own macro, whose users need not know festoon at all.
#[macro_export]
macro_rules! measured {
    ($($function:item)*) => {
        $(
            #[$crate::kit::timed(crate = $crate::kit)]
            $function
        )*
    };
}

#[cfg(test)]
mod tests {
    use crate::kit::Decorated;
    use decorators::timed;

    #[timed(crate = decorators, warn_over = 1s)]
    fn plain(n: u8) -> u8 {
        n
    }

    #[crate::kit::timed(crate = crate::kit)]
    #[inline]
    fn result(n: u8) -> Result<u8, u8> {
        Err(n)
    }

    #[decorators::context_manager(crate = decorators)]
    fn entered(n: u8) -> decorators::Yields<u8> {
        decorators::yield_!(n);
    }

    crate::kit::context! {
        #[context_manager(crate = crate::kit)]
        fn lent(n: u8) -> crate::kit::Yields<&u8> {
            yield &n;
        }
    }

    #[test]
    fn a_generator_knows_it() {
        assert_eq!((*entered(3).enter(), *lent(4).enter()), (3, 4));
    }

    #[cfg_attr(all(), decorators::timed(name = "later", crate = decorators))]
    #[allow(clippy::unused_async, reason = "an `async fn` is the point")]
    async fn later(n: u8) -> Result<u8, u8> {
        Ok(n)
    }

    struct Shop;

    #[timed(crate = crate::kit)]
    impl Shop {
        fn price() -> u8 {
            1
        }
    }

    measured! {
        fn by_macro() -> Result<u8, u8> {
            Ok(2)
        }
    }

    #[test]
    fn everything_is_found() {
        assert_eq!((plain(1), result(2), Shop::price(), by_macro()), (1, Err(2), 1, Ok(2)));
        drop(later(3));
        assert_eq!((plain.timing().calls(), result.timing().calls()), (1, 1));
        assert_eq!((Shop::price.timing().calls(), by_macro.timing().calls()), (1, 1));
        assert_eq!(later.timing().calls(), 0);
    }
}
