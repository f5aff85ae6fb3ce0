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
    thread_local! {
        static N : u8 = 3;
    }
    pub(in crate::shop) unsafe extern "C" fn raw(r#type: u8) {
        {
            {
                fn festoon_inside() {}
                ::festoon::__private::declare!(
                    ::festoon::__private::Declared::new(& festoon_inside, & ["timed"],
                    ::festoon::__private::Place::new(::core::file!(), ::core::line!(),
                    ::core::column!(), ::core::option_env!("CARGO_PKG_VERSION"),),)
                );
            }
            let mut call = ::festoon::__private::timed::Call::unmeasured();
            let timer = call
                .start(
                    {
                        static FESTOON_SITE: ::festoon::__private::timed::TimedSite = ::festoon::__private::timed::TimedSite::new(
                            ::festoon::__private::timed::Settings::NONE,
                            ::festoon::__private::Place::new(
                                ::core::file!(),
                                ::core::line!(),
                                ::core::column!(),
                                ::core::option_env!("CARGO_PKG_VERSION"),
                            ),
                        );
                        &FESTOON_SITE
                    },
                    ::core::any::type_name_of_val(&|| ()),
                );
            {}
        }
    }
    unsafe extern "C" {
        fn foreign(n: u8);
    }
    trait Prices {
        fn price(&self) -> u32;
        fn twice(&self) -> u32 {
            {
                {
                    fn festoon_inside() {}
                    ::festoon::__private::declare!(
                        ::festoon::__private::Declared::new(& festoon_inside, &
                        ["timed"], ::festoon::__private::Place::new(::core::file!(),
                        ::core::line!(), ::core::column!(),
                        ::core::option_env!("CARGO_PKG_VERSION"),),)
                    );
                }
                let mut call = ::festoon::__private::timed::Call::unmeasured();
                let timer = call
                    .start(
                        {
                            static FESTOON_SITE: ::festoon::__private::timed::TimedSite = ::festoon::__private::timed::TimedSite::new(
                                ::festoon::__private::timed::Settings::NONE,
                                ::festoon::__private::Place::new(
                                    ::core::file!(),
                                    ::core::line!(),
                                    ::core::column!(),
                                    ::core::option_env!("CARGO_PKG_VERSION"),
                                ),
                            );
                            &FESTOON_SITE
                        },
                        ::core::any::type_name_of_val(&|| ()),
                    );
                {
                    2 * self.price()
                }
            }
        }
    }
    impl<const N: usize> Prices for Array<{ N + 1 }> {
        fn price(&self) -> u32
        where
            Self: Fits<{ N }>,
        {
            {
                {
                    fn festoon_inside() {}
                    ::festoon::__private::declare!(
                        ::festoon::__private::Declared::new(& festoon_inside, &
                        ["timed"], ::festoon::__private::Place::new(::core::file!(),
                        ::core::line!(), ::core::column!(),
                        ::core::option_env!("CARGO_PKG_VERSION"),),)
                    );
                }
                let mut call = ::festoon::__private::timed::Call::unmeasured();
                let timer = call
                    .start(
                        {
                            static FESTOON_SITE: ::festoon::__private::timed::TimedSite = ::festoon::__private::timed::TimedSite::new(
                                ::festoon::__private::timed::Settings::NONE,
                                ::festoon::__private::Place::new(
                                    ::core::file!(),
                                    ::core::line!(),
                                    ::core::column!(),
                                    ::core::option_env!("CARGO_PKG_VERSION"),
                                ),
                            );
                            &FESTOON_SITE
                        },
                        ::core::any::type_name_of_val(&|| ()),
                    );
                {
                    3
                }
            }
        }
    }
    impl Prices for fn() -> u8 {
        fn price(&self) -> u32 {
            {
                {
                    fn festoon_inside() {}
                    ::festoon::__private::declare!(
                        ::festoon::__private::Declared::new(& festoon_inside, &
                        ["timed"], ::festoon::__private::Place::new(::core::file!(),
                        ::core::line!(), ::core::column!(),
                        ::core::option_env!("CARGO_PKG_VERSION"),),)
                    );
                }
                let mut call = ::festoon::__private::timed::Call::unmeasured();
                let timer = call
                    .start(
                        {
                            static FESTOON_SITE: ::festoon::__private::timed::TimedSite = ::festoon::__private::timed::TimedSite::new(
                                ::festoon::__private::timed::Settings::NONE,
                                ::festoon::__private::Place::new(
                                    ::core::file!(),
                                    ::core::line!(),
                                    ::core::column!(),
                                    ::core::option_env!("CARGO_PKG_VERSION"),
                                ),
                            );
                            &FESTOON_SITE
                        },
                        ::core::any::type_name_of_val(&|| ()),
                    );
                {
                    4
                }
            }
        }
    }
    mod deeper {
        pub fn f() -> shape! {
            u8
        } {
            {
                {
                    fn festoon_inside() {}
                    ::festoon::__private::declare!(
                        ::festoon::__private::Declared::new(& festoon_inside, &
                        ["timed"], ::festoon::__private::Place::new(::core::file!(),
                        ::core::line!(), ::core::column!(),
                        ::core::option_env!("CARGO_PKG_VERSION"),),)
                    );
                }
                let mut call = ::festoon::__private::timed::Call::that_returns();
                let timer = call
                    .start(
                        {
                            static FESTOON_SITE: ::festoon::__private::timed::TimedSite = ::festoon::__private::timed::TimedSite::new(
                                ::festoon::__private::timed::Settings::NONE,
                                ::festoon::__private::Place::new(
                                    ::core::file!(),
                                    ::core::line!(),
                                    ::core::column!(),
                                    ::core::option_env!("CARGO_PKG_VERSION"),
                                ),
                            );
                            &FESTOON_SITE
                        },
                        ::core::any::type_name_of_val(&|| ()),
                    );
                let value = ::festoon::__private::once(move || -> shape! {
                    u8
                } {
                    {
                        5
                    }
                })();
                timer
                    .ended(
                        &value,
                        |
                            value: &shape! {
                                u8
                            }|
                        {
                            #[allow(unused_imports)]
                            use ::festoon::__private::Infallible as _;
                            ::festoon::__private::Probe(value).kind()
                        },
                    );
                value
            }
        }
    }
    mod elsewhere;
    fn never() -> ! {
        {
            {
                fn festoon_inside() {}
                ::festoon::__private::declare!(
                    ::festoon::__private::Declared::new(& festoon_inside, & ["timed"],
                    ::festoon::__private::Place::new(::core::file!(), ::core::line!(),
                    ::core::column!(), ::core::option_env!("CARGO_PKG_VERSION"),),)
                );
            }
            let mut call = ::festoon::__private::timed::Call::unmeasured();
            let timer = call
                .start(
                    {
                        static FESTOON_SITE: ::festoon::__private::timed::TimedSite = ::festoon::__private::timed::TimedSite::new(
                            ::festoon::__private::timed::Settings::NONE,
                            ::festoon::__private::Place::new(
                                ::core::file!(),
                                ::core::line!(),
                                ::core::column!(),
                                ::core::option_env!("CARGO_PKG_VERSION"),
                            ),
                        );
                        &FESTOON_SITE
                    },
                    ::core::any::type_name_of_val(&|| ()),
                );
            {
                loop {}
            }
        }
    }
    #[test]
    fn is_a_test() {}
}
