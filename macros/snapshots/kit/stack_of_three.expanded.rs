/// Retried: at most 5 attempts, with waits of `exponential(50ms, max = 2s)`.
async fn price(sku: &str) -> Result<Price, ShopError> {
    {
        {
            fn festoon_inside() {}
            ::festoon::__private::declare!(
                ::festoon::__private::Declared::new(& festoon_inside, & ["timed",
                "cached", "retry"], ::festoon::__private::Place::new(::core::file!(),
                ::core::line!(), ::core::column!(),
                ::core::option_env!("CARGO_PKG_VERSION"),),)
            );
        }
        ::festoon::__private::lazy(move || {
                static FESTOON_SITE: ::festoon::__private::cached::CacheSite = ::festoon::__private::cached::CacheSite::new(
                    ::festoon::__private::cached::Settings::NONE
                        .max(10000)
                        .ttl(::core::time::Duration::new(300u64, 0u32)),
                    ::festoon::__private::Place::new(
                        ::core::file!(),
                        ::core::line!(),
                        ::core::column!(),
                        ::core::option_env!("CARGO_PKG_VERSION"),
                    ),
                );
                let instance = || ();
                if ::festoon::__private::cached::is_asked(&instance) {
                    #[allow(clippy::used_underscore_binding)]
                    let found = {
                        #[allow(unused_imports)]
                        use ::festoon::__private::cached::by_type::*;
                        ::festoon::__private::cached::look_up(
                            &FESTOON_SITE,
                            ::festoon::__private::cached::Id::of(&instance),
                            ::festoon::__private::cached::Rules::of(
                                (&&&&&::festoon::__private::cached::Returned::<
                                    Result<Price, ShopError>,
                                >::NEW)
                                    .policy(),
                            ),
                            ::festoon::__private::cached::Bounded(
                                ::festoon::__private::cached::FixedExpiry,
                            ),
                            ::festoon::__private::cached::KeyParts((
                                    (&&&&::festoon::__private::cached::Arg(&sku)).part(),
                                ))
                                .lookup_key()
                                .recurring(),
                        )
                    };
                    match found {
                        ::festoon::__private::cached::Found::Hit(value) => {
                            return ::festoon::__private::Start::Has(value);
                        }
                        ::festoon::__private::cached::Found::Miss(_) => {
                            return ::festoon::__private::Start::Never;
                        }
                    }
                }
                ::festoon::__private::Start::Runs(
                    ::festoon::__private::timed::poll(
                        {
                            static FESTOON_SITE: ::festoon::__private::timed::TimedSite = ::festoon::__private::timed::TimedSite::new(
                                ::festoon::__private::timed::Settings::NONE
                                    .warn_over(::core::time::Duration::new(0u64, 250000000u32)),
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
                        ::festoon::__private::lazy(move || {
                            #[allow(clippy::used_underscore_binding)]
                            let found = {
                                #[allow(unused_imports)]
                                use ::festoon::__private::cached::by_type::*;
                                ::festoon::__private::cached::look_up(
                                    &FESTOON_SITE,
                                    ::festoon::__private::cached::Id::of(&instance),
                                    ::festoon::__private::cached::Rules::of(
                                        (&&&&&::festoon::__private::cached::Returned::<
                                            Result<Price, ShopError>,
                                        >::NEW)
                                            .policy(),
                                    ),
                                    ::festoon::__private::cached::Bounded(
                                        ::festoon::__private::cached::FixedExpiry,
                                    ),
                                    ::festoon::__private::cached::KeyParts((
                                            (&&&&::festoon::__private::cached::Arg(&sku)).part(),
                                        ))
                                        .lookup_key()
                                        .recurring(),
                                )
                            };
                            match found {
                                ::festoon::__private::cached::Found::Hit(value) => {
                                    ::festoon::__private::Start::Has(value)
                                }
                                ::festoon::__private::cached::Found::Miss(miss) => {
                                    ::festoon::__private::Start::Runs(
                                        miss
                                            .run_async(async move {
                                                if false {
                                                    return ::festoon::__private::absurd::<
                                                        Result<Price, ShopError>,
                                                    >();
                                                }
                                                let mut retry = ::festoon::__private::retry::start_async(
                                                    || {
                                                        static FESTOON_SITE: ::festoon::__private::retry::RetrySite = ::festoon::__private::retry::RetrySite::new(
                                                            ::festoon::__private::retry::Policy::new(
                                                                5,
                                                                ::festoon::__private::retry::Wait::exponential(
                                                                        ::core::time::Duration::new(0u64, 50000000u32),
                                                                    )
                                                                    .max(::core::time::Duration::new(2u64, 0u32)),
                                                            ),
                                                            ::festoon::__private::Place::new(
                                                                ::core::file!(),
                                                                ::core::line!(),
                                                                ::core::column!(),
                                                                ::core::option_env!("CARGO_PKG_VERSION"),
                                                            ),
                                                        );
                                                        &FESTOON_SITE
                                                    },
                                                    ::festoon::__private::retry::Known,
                                                );
                                                loop {
                                                    {
                                                        let result = retry
                                                            .attempt(
                                                                async {
                                                                    if false {
                                                                        return ::festoon::__private::absurd::<
                                                                            Result<Price, ShopError>,
                                                                        >();
                                                                    }
                                                                    {
                                                                        fetch(sku).await
                                                                    }
                                                                },
                                                                |of| {
                                                                    #[allow(unused_imports)]
                                                                    use ::festoon::__private::retry::by_type::*;
                                                                    of.fault()
                                                                },
                                                            )
                                                            .await;
                                                        let verdict = {
                                                            #[allow(unused_imports)]
                                                            use ::festoon::__private::retry::by_type::*;
                                                            ::festoon::__private::retry::Of::value(&result)
                                                                .judge()(&result)
                                                        };
                                                        if retry.is_good(verdict) {
                                                            break result;
                                                        }
                                                        let mut failure = result;
                                                        if retry
                                                            .is_over(
                                                                verdict,
                                                                {
                                                                    #[allow(unused_imports)]
                                                                    use ::festoon::__private::retry::by_type::*;
                                                                    (&&::festoon::__private::retry::Of::value(&failure)).text()
                                                                },
                                                                &mut failure,
                                                            )
                                                        {
                                                            break failure;
                                                        }
                                                    }
                                                    retry.sleep_async().await;
                                                }
                                            }),
                                    )
                                }
                            }
                        }),
                        |value: &Result<Price, ShopError>| {
                            #[allow(unused_imports)]
                            use ::festoon::__private::Infallible as _;
                            ::festoon::__private::Probe(value).kind()
                        },
                    ),
                )
            })
            .await
    }
}
