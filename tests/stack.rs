//! The order of a stack: the top decorator is the outermost. Each layer of these tests logs when it is entered (`a`)
//! and left (`-a`).

mod chains;
mod strangers;

use festoon::{AsyncDecorator, Call, Decorated, Decorator, decorate, timed};
use futures::executor::block_on;
use std::cell::RefCell;

thread_local! {
    static LOG: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

fn log(word: impl Into<String>) {
    LOG.with_borrow_mut(|log| log.push(word.into()));
}

fn take_log() -> String {
    LOG.take().join(" ")
}

/// A layer that logs its name.
struct Log(&'static str);

impl<R> Decorator<R> for Log {
    fn call(&self, _: Call<R>, next: impl FnOnce() -> R) -> R {
        log(self.0);
        let value = next();
        log(format!("-{}", self.0));
        value
    }
}

impl<F: Future> AsyncDecorator<F> for Log {
    async fn call(&self, _: Call<F::Output>, next: F) -> F::Output {
        log(self.0);
        let value = next.await;
        log(format!("-{}", self.0));
        value
    }
}

const A: Log = Log("a");
const B: Log = Log("b");
const C: Log = Log("c");
const D: Log = Log("d");

mod four {
    use super::*;

    #[decorate(layer = A)]
    #[decorate(layer = B)]
    #[decorate(layer = C)]
    #[decorate(layer = D)]
    fn plain() {
        log("body");
    }

    #[decorate(layer = A)]
    #[decorate(layer = B)]
    #[decorate(layer = C)]
    #[decorate(layer = D)]
    async fn later() -> Result<(), String> {
        log("body");
        Ok(())
    }

    #[test]
    fn read_from_top_to_bottom() {
        plain();
        assert_eq!(take_log(), "a b c d body -d -c -b -a");
        block_on(later()).unwrap();
        assert_eq!(take_log(), "a b c d body -d -c -b -a");
    }
}

mod mixed {
    use super::*;
    use festoon::decorate as around;

    /// Everything at once.
    #[decorate(layer = A)]
    #[inline]
    #[around(layer = B)]
    #[must_use]
    #[cfg_attr(all(), festoon::decorate(layer = C), allow(clippy::unnecessary_wraps, reason = "a layer needs it"))]
    #[timed(name = "mixed")]
    #[cfg_attr(not(all()), decorate(layer = Log("never")))]
    #[festoon::decorate(layer = D)]
    #[doc(alias = "everything")]
    fn plain() -> u8 {
        log("body");
        1
    }

    #[test]
    fn renamed_conditional_and_among_other_attributes() {
        assert_eq!((plain(), take_log().as_str()), (1, "a b c d body -d -c -b -a"));
        assert_eq!(plain.timing().calls(), 1);
    }
}

mod blocks {
    use super::*;

    struct Shop;

    #[decorate(layer = A)]
    #[timed(name = "the block's")]
    #[decorate(layer = B)]
    impl Shop {
        fn plain(&self) {
            log("body");
        }

        #[decorate(layer = C)]
        #[inline]
        fn own(&self) {
            log("body");
        }

        #[timed(name = "its own")]
        fn own_timed(&self) {
            log("body");
        }

        #[festoon::skip]
        #[decorate(layer = C)]
        fn left_out(&self) {
            log("body");
        }

        async fn later(&mut self) -> Result<&mut Self, ()> {
            log("body");
            Ok(self)
        }
    }

    #[test]
    fn the_blocks_are_outside_of_the_functions_own() {
        Shop.plain();
        assert_eq!(take_log(), "a b body -b -a");
        Shop.own();
        assert_eq!(take_log(), "a b c body -c -b -a");
        Shop.left_out();
        assert_eq!(take_log(), "c body -c");
        assert!(block_on(Shop.later()).is_ok());
        assert_eq!(take_log(), "a b body -b -a");
    }

    #[test]
    fn the_functions_own_wins_over_the_same_of_the_block() {
        Shop.own_timed();
        assert_eq!(take_log(), "a b body -b -a");
        assert_eq!(Shop::own_timed.timing().calls(), 1);
        let report = festoon::timing::report().to_string();
        assert!(report.contains("its own"), "{report}");
    }

    #[decorate(layer = A)]
    mod outer {
        #![allow(clippy::items_after_statements, reason = "decorators expand to statements")]

        use super::*;

        const WORD: &str = "body";

        pub fn plain() {
            log(WORD);
        }

        #[decorate(layer = B)]
        pub mod inner {
            use super::*;

            pub(in crate::stack::blocks) fn plain() {
                log("body");
            }

            #[decorate(layer = C)]
            pub trait Prices {
                fn required(&self);

                #[decorate(layer = D)]
                fn provided(&self) {
                    self.required();
                }
            }

            pub struct Array<const N: usize>;

            impl Prices for Array<{ 1 + 1 }> {
                fn required(&self) {
                    log("body");
                }
            }
        }

        #[festoon::skip]
        pub mod left_out {
            pub fn plain() {
                super::log("body");
            }
        }
    }

    #[test]
    fn modules_are_decorated_all_the_way_down() {
        use outer::inner::Prices as _;
        outer::plain();
        assert_eq!(take_log(), "a body -a");
        outer::inner::plain();
        assert_eq!(take_log(), "a b body -b -a");
        outer::inner::Array::<2>.provided();
        assert_eq!(take_log(), "a b c d a b body -b -a -d -c -b -a");
        outer::left_out::plain();
        assert_eq!(take_log(), "body");
    }
}

mod traits {
    use super::*;
    use async_trait::async_trait;

    trait Prices {
        fn required(&self) -> u8;

        #[decorate(layer = A)]
        #[timed]
        #[decorate(layer = B)]
        fn provided(&self) -> u8 {
            log("body");
            self.required()
        }
    }

    struct Shop(u8);

    impl Prices for Shop {
        #[decorate(layer = C)]
        #[decorate(layer = D)]
        fn required(&self) -> u8 {
            self.0
        }
    }

    #[test]
    fn methods_of_traits() {
        assert_eq!((Shop(3).provided(), take_log().as_str()), (3, "a b body c d -d -c -b -a"));
        assert_eq!(Shop::provided.timing().calls(), 1);
    }

    #[async_trait]
    trait Loads {
        async fn method(&self) -> u8;
        async fn block_below(&self) -> u8;
        async fn block_above(&self) -> u8;

        #[decorate(layer = A)]
        #[decorate(layer = B)]
        async fn provided(&self) -> u8 {
            log("body");
            1
        }
    }

    macro_rules! loads {
        ($(#[$attr:meta])* for $ty:ty) => {
            $(#[$attr])*
            impl Loads for $ty {
                #[decorate(layer = C)]
                #[timed]
                #[decorate(layer = D)]
                async fn method(&self) -> u8 {
                    log("body");
                    1
                }
                async fn block_below(&self) -> u8 {
                    log("body");
                    2
                }
                async fn block_above(&self) -> u8 {
                    log("body");
                    3
                }
            }
        };
    }

    loads!(#[async_trait] #[decorate(layer = A)] #[decorate(layer = B)] for u8);
    loads!(#[decorate(layer = A)] #[decorate(layer = B)] #[async_trait] for u16);
    loads!(#[decorate(layer = A)] #[async_trait] #[decorate(layer = B)] for u32);

    #[test]
    fn async_trait_in_any_order() {
        fn each(loads: &(dyn Loads + Sync)) {
            assert_eq!((block_on(loads.method()), take_log().as_str()), (1, "a b c d body -d -c -b -a"));
            assert_eq!((block_on(loads.block_below()), take_log().as_str()), (2, "a b body -b -a"));
            assert_eq!((block_on(loads.block_above()), take_log().as_str()), (3, "a b body -b -a"));
            assert_eq!((block_on(loads.provided()), take_log().as_str()), (1, "a b body -b -a"));
        }
        each(&1_u8);
        each(&1_u16);
        each(&1_u32);
        assert_eq!(<u8 as Loads>::method.timing().calls(), 1);
    }
}

/// A test may be decorated itself, under any harness.
mod tests {
    use super::*;

    #[test]
    #[decorate(layer = A)]
    #[decorate(layer = B)]
    fn below_test() {
        assert_eq!(take_log(), "a b");
    }

    #[decorate(layer = A)]
    #[decorate(layer = B)]
    #[test]
    fn above_test() {
        assert_eq!(take_log(), "a b");
    }

    #[decorate(layer = A)]
    #[tokio::test]
    #[decorate(layer = B)]
    async fn around_tokio_test() {
        tokio::task::yield_now().await;
        assert_eq!(take_log(), "a b");
    }

    #[tokio::test]
    #[timed]
    async fn below_tokio_test() -> Result<(), String> {
        tokio::task::yield_now().await;
        Ok(())
    }

    #[decorate(layer = A)]
    #[test]
    #[should_panic = "on purpose"]
    #[timed]
    fn should_panic() {
        panic!("on purpose: {}", take_log());
    }
}
