async fn price(self: &Arc<Self>, sku: &str) -> u64 {
    {
        {
            fn festoon_inside() {}
            ::festoon::__private::declare!(
                ::festoon::__private::Declared::new(& festoon_inside, & ["cached"],
                ::festoon::__private::Place::new(::core::file!(), ::core::line!(),
                ::core::column!(), ::core::option_env!("CARGO_PKG_VERSION"),),)
            );
        }
        ::festoon::__private::lazy(move || {
                #[allow(clippy::used_underscore_binding)]
                let found = {
                    #[allow(unused_imports)]
                    use ::festoon::__private::cached::by_type::*;
                    static FESTOON_SITE: ::festoon::__private::cached::CacheSite = ::festoon::__private::cached::CacheSite::new(
                        ::festoon::__private::cached::Settings::NONE
                            .tti(::core::time::Duration::new(300u64, 0u32)),
                        ::festoon::__private::Place::new(
                            ::core::file!(),
                            ::core::line!(),
                            ::core::column!(),
                            ::core::option_env!("CARGO_PKG_VERSION"),
                        ),
                    );
                    let instance = || ();
                    ::festoon::__private::cached::look_up(
                        ::festoon::__private::cached::InstanceScope::new(
                            &self.inner.memo,
                            &FESTOON_SITE,
                        ),
                        ::festoon::__private::cached::Id::of(&instance),
                        ::festoon::__private::cached::Rules::of(
                            (&&&&&::festoon::__private::cached::Returned::<u64>::NEW)
                                .policy(),
                        ),
                        ::festoon::__private::cached::Bounded(
                            ::festoon::__private::cached::SlidingExpiry,
                        ),
                        ::festoon::__private::cached::KeyParts((
                                (&&&&::festoon::__private::cached::Arg(&sku)).part(),
                            ))
                            .lookup_key(),
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
                                        return ::festoon::__private::absurd::<u64>();
                                    }
                                    {
                                        self.ask(sku).await
                                    }
                                }),
                        )
                    }
                }
            })
            .await
    }
}
