async fn price(&self, argument1: (String, Day), r#type: u8) -> Result<Price, Error> {
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
                let _ = (&argument1,);
                #[allow(clippy::used_underscore_binding)]
                let found = {
                    #[allow(unused_imports)]
                    use ::festoon::__private::cached::by_type::*;
                    static FESTOON_SITE: ::festoon::__private::cached::CacheSite = ::festoon::__private::cached::CacheSite::new(
                        ::festoon::__private::cached::Settings::NONE,
                        ::festoon::__private::Place::new(
                            ::core::file!(),
                            ::core::line!(),
                            ::core::column!(),
                            ::core::option_env!("CARGO_PKG_VERSION"),
                        ),
                    );
                    let instance = || ();
                    ::festoon::__private::cached::look_up(
                        &FESTOON_SITE,
                        ::festoon::__private::cached::Id::of(&instance),
                        ::festoon::__private::cached::Rules::of(
                            (&&&&&::festoon::__private::cached::Returned::<
                                Result<Price, Error>,
                            >::NEW)
                                .policy(),
                        ),
                        ::festoon::__private::cached::Bounded(
                            ::festoon::__private::cached::NoExpiry,
                        ),
                        ::festoon::__private::cached::KeyParts((
                                (&&&&::festoon::__private::cached::Arg(&self)).part(),
                                (&&&&::festoon::__private::cached::Arg(&argument1)).part(),
                                (&&&&::festoon::__private::cached::Arg(&r#type)).part(),
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
                                            Result<Price, Error>,
                                        >();
                                    }
                                    let argument1 = argument1;
                                    #[allow(clippy::shadow_same)]
                                    let (sku, day) = argument1;
                                    {
                                        self.shop.ask(sku, day).await?
                                    }
                                }),
                        )
                    }
                }
            })
            .await
    }
}
