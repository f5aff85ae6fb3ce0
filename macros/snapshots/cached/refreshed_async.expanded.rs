async fn price<'a>(sku: &'a str, argument1: (Day, Day)) -> Option<Price> {
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
            let body = async |
                #[allow(clippy::restriction)]
                sku: &'_ str,
                #[allow(clippy::restriction)]
                (from, to): (Day, Day),
            | -> Option<Price> {
                {
                    ask(sku, from, to).await
                }
            };
            #[allow(clippy::used_underscore_binding)]
            let found = {
                #[allow(unused_imports)]
                use ::festoon::__private::cached::by_type::*;
                static FESTOON_SITE: ::festoon::__private::cached::CacheSite = ::festoon::__private::cached::CacheSite::new(
                    ::festoon::__private::cached::Settings::NONE
                        .refresh_ahead(::core::time::Duration::new(10u64, 0u32)),
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
                                Option<Price>,
                            >::NEW)
                                .policy(),
                        )
                        .ttl(|price| price.lifetime)
                        .keep_if(|price| price.is_final),
                    ::festoon::__private::cached::Bounded(
                        ::festoon::__private::cached::SlidingExpiry,
                    ),
                    ::festoon::__private::cached::KeyParts((
                            (&&&&::festoon::__private::cached::Arg(&sku)).part(),
                            (&&&&::festoon::__private::cached::Arg(&argument1)).part(),
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
                        let owned0 = (&&&&::festoon::__private::cached::RefreshArg(&sku))
                            .owned();
                        let owned1 = (&&&&::festoon::__private::cached::RefreshArg(
                            &argument1,
                        ))
                            .owned();
                        claim
                            .run_async(async move {
                                body(owned0.argument(), owned1.argument()).await
                            });
                    }
                    value
                }
                ::festoon::__private::cached::Refreshed::Miss(miss) => {
                    miss.run_async(body(sku, argument1)).await
                }
            }
        }
    }
}
