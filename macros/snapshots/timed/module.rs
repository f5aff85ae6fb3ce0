#[timed]
mod shop {
    #![allow(dead_code)]
    //! Inner attributes stay first.

    use std::fmt;

    static NAMES: [&str; 1] = ["a"];

    macro_rules! number {
        () => {
            fn inside() {}
        };
    }

    thread_local! { static N: u8 = 3; }

    pub(in crate::shop) unsafe extern "C" fn raw(r#type: u8) {}

    unsafe extern "C" {
        fn foreign(n: u8);
    }

    trait Prices {
        fn price(&self) -> u32;

        fn twice(&self) -> u32 {
            2 * self.price()
        }
    }

    impl<const N: usize> Prices for Array<{ N + 1 }> {
        fn price(&self) -> u32
        where
            Self: Fits<{ N }>,
        {
            3
        }
    }

    impl Prices for fn() -> u8 {
        fn price(&self) -> u32 {
            4
        }
    }

    mod deeper {
        pub fn f() -> shape!{ u8 } {
            5
        }
    }

    mod elsewhere;

    fn never() -> ! {
        loop {}
    }

    #[test]
    fn is_a_test() {}
}
