fn price(shop: &Shop, sku: &str, day: Option<&Day>) -> Result<Price, Error> {
    {
        {
            fn festoon_inside() {}
            ::festoon::__private::declare!(
                ::festoon::__private::Declared::new(& festoon_inside, & ["cached"],
                ::festoon::__private::Place::new(::core::file!(), ::core::line!(),
                ::core::column!(), ::core::option_env!("CARGO_PKG_VERSION"),),)
            );
        }
        {
            let body = |
                #[allow(clippy::restriction)]
                shop: &Shop,
                #[allow(clippy::restriction)]
                sku: &str,
                #[allow(clippy::restriction)]
                mut day: Option<&Day>,
            | -> Result<Price, Error> {
                {
                    shop.ask(sku, day.take())?
                }
            };
            #[allow(clippy::used_underscore_binding)]
            let found = {
                #[allow(unused_imports)]
                use ::festoon::__private::cached::by_type::*;
                static FESTOON_SITE: ::festoon::__private::cached::CacheSite = ::festoon::__private::cached::CacheSite::new(
                    ::festoon::__private::cached::Settings::NONE
                        .ttl(::core::time::Duration::new(300u64, 0u32))
                        .stale(::core::time::Duration::new(60u64, 0u32)),
                    ::festoon::__private::Place::new(
                        ::core::file!(),
                        ::core::line!(),
                        ::core::column!(),
                        ::core::option_env!("CARGO_PKG_VERSION"),
                    ),
                );
                let instance = || ();
                ::festoon::__private::cached::look_up_refreshed(
                    &FESTOON_SITE,
                    ::festoon::__private::cached::Id::of(&instance),
                    ::festoon::__private::cached::Rules::of(
                        (&&&&&::festoon::__private::cached::Returned::<
                            Result<Price, Error>,
                        >::NEW)
                            .policy(),
                    ),
                    ::festoon::__private::cached::Bounded(
                        ::festoon::__private::cached::SlidingExpiry,
                    ),
                    ::festoon::__private::cached::KeyParts((
                            (&&&&::festoon::__private::cached::Arg(&sku)).part(),
                            (&&&&::festoon::__private::cached::Arg(&day)).part(),
                        ))
                        .lookup_key()
                        .recurring(),
                )
            };
            match found {
                ::festoon::__private::cached::Refreshed::Hit(value) => value,
                ::festoon::__private::cached::Refreshed::Due(value, claim) => {
                    {
                        #[allow(unused_imports)]
                        use ::festoon::__private::cached::by_type::*;
                        let owned0 = (&&&&::festoon::__private::cached::RefreshArg(
                            &shop,
                        ))
                            .owned();
                        let owned1 = (&&&&::festoon::__private::cached::RefreshArg(&sku))
                            .owned();
                        let owned2 = (&&&&::festoon::__private::cached::RefreshArg(&day))
                            .owned();
                        claim
                            .run(move || body(
                                owned0.argument(),
                                owned1.argument(),
                                owned2.argument(),
                            ));
                    }
                    value
                }
                ::festoon::__private::cached::Refreshed::Miss(miss) => {
                    match miss.lead() {
                        ::core::result::Result::Ok(run) => {
                            let value = ::festoon::__private::once(|| body(
                                shop,
                                sku,
                                day,
                            ))();
                            run.finish(value)
                        }
                        ::core::result::Result::Err(value) => value,
                    }
                }
            }
        }
    }
}
