fn add(a: u32, b: u32) -> u32 {
    {
        {
            fn festoon_inside() {}
            ::festoon::__private::declare!(
                ::festoon::__private::Declared::new(& festoon_inside, & ["timed"],
                ::festoon::__private::Place::new(::core::file!(), ::core::line!(),
                ::core::column!(), ::core::option_env!("CARGO_PKG_VERSION"),),)
            );
        }
        let span = ::festoon::__private::tracing::span!(
            target : ::core::module_path!(), ::festoon::__private::tracing::Level::INFO,
            "add"
        )
            .entered();
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
            a + b
        }
    }
}
async fn price(sku: &str) -> Result<u32, Error> {
    {
        {
            fn festoon_inside() {}
            ::festoon::__private::declare!(
                ::festoon::__private::Declared::new(& festoon_inside, & ["timed"],
                ::festoon::__private::Place::new(::core::file!(), ::core::line!(),
                ::core::column!(), ::core::option_env!("CARGO_PKG_VERSION"),),)
            );
        }
        ::festoon::__private::timed::spanned(
                ::festoon::__private::tracing::span!(
                    target : "shop", ::festoon::__private::tracing::Level::DEBUG,
                    "shop.price", "sku" = ::festoon::__private::tracing::field::debug(&
                    sku)
                ),
                ::festoon::__private::timed::poll(
                    {
                        static FESTOON_SITE: ::festoon::__private::timed::TimedSite = ::festoon::__private::timed::TimedSite::new(
                            ::festoon::__private::timed::Settings::NONE
                                .name("shop.price"),
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
                    async move {
                        if false {
                            return ::festoon::__private::absurd::<Result<u32, Error>>();
                        }
                        {
                            find(sku).await
                        }
                    },
                    |value: &Result<u32, Error>| {
                        #[allow(unused_imports)]
                        use ::festoon::__private::Infallible as _;
                        ::festoon::__private::Probe(value).kind()
                    },
                ),
            )
            .await
    }
}
