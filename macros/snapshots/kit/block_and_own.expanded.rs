impl Shop {
    fn price(&self, sku: &str) -> u8 {
        {
            {
                fn festoon_inside() {}
                ::festoon::__private::declare!(
                    ::festoon::__private::Declared::new(& festoon_inside, & ["timed"],
                    ::festoon::__private::Place::new(::core::file!(), ::core::line!(),
                    ::core::column!(), ::core::option_env!("CARGO_PKG_VERSION"),),)
                );
            }
            outer(
                move |#[allow(clippy::restriction)] sku: &str| -> u8 {
                    let mut call = ::festoon::__private::timed::Call::unmeasured();
                    let timer = call
                        .start(
                            {
                                static FESTOON_SITE: ::festoon::__private::timed::TimedSite = ::festoon::__private::timed::TimedSite::new(
                                    ::festoon::__private::timed::Settings::NONE.name("own"),
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
                    inner(
                        move |#[allow(clippy::restriction)] sku: &str| -> u8 {
                            {
                                1
                            }
                        },
                        sku,
                    )
                },
                sku,
            )
        }
    }
    fn other(&self, sku: &str) -> u8 {
        {
            {
                fn festoon_inside() {}
                ::festoon::__private::declare!(
                    ::festoon::__private::Declared::new(& festoon_inside, & ["timed"],
                    ::festoon::__private::Place::new(::core::file!(), ::core::line!(),
                    ::core::column!(), ::core::option_env!("CARGO_PKG_VERSION"),),)
                );
            }
            outer(
                move |#[allow(clippy::restriction)] sku: &str| -> u8 {
                    let mut call = ::festoon::__private::timed::Call::unmeasured();
                    let timer = call
                        .start(
                            {
                                static FESTOON_SITE: ::festoon::__private::timed::TimedSite = ::festoon::__private::timed::TimedSite::new(
                                    ::festoon::__private::timed::Settings::NONE.name("block"),
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
                        2
                    }
                },
                sku,
            )
        }
    }
}
