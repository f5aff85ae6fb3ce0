//! With the feature `timed-off`: functions are unchanged, and handles exist and return zero.

use festoon::{Decorated, cached, timed, timing};

#[timed(span, warn_over = 1ns, name = "off::add")]
fn add(a: u32, b: u32) -> Result<u32, ()> {
    Ok(a + b)
}

#[timed]
mod shop {
    pub struct Shop(pub u32);

    impl Shop {
        pub fn price(&self) -> u32 {
            self.0
        }

        #[festoon::skip]
        pub async fn later(&self) -> u32 {
            self.0
        }
    }
}

#[timed]
#[cached(max = 8)]
#[timed]
fn above(n: u32) -> u32 {
    n + 3
}

#[test]
fn handles_say_zero() {
    assert_eq!(add(1, 2), Ok(3));
    let shop = shop::Shop(5);
    assert_eq!((shop.price(), futures::executor::block_on(shop.later())), (5, 5));
    for timing in [add.timing(), shop::Shop::price.timing(), above.timing()] {
        assert_eq!((timing.calls(), timing.p99()), (0, std::time::Duration::ZERO));
    }
    assert!(timing::report().rows().is_empty());
}

#[test]
fn the_rest_of_a_stack_stays() {
    assert_eq!((above(1), above(1)), (4, 4));
    assert_eq!(above.cache().info().hits, 1);
}
