async fn price(self: &Arc<Self>, sku: &str) -> u64 {
    {
        {
            #[allow(clippy::used_underscore_binding)]
            let found = {
                #[allow(unused_imports)]
                use ::festoon::__private::cached::by_type::*;
                static FESTOON_SITE: ::festoon::__private::cached::Site = ::festoon::__private::cached::Site::new(
                    ::festoon::__private::cached::Settings::NONE
                        .tti(::core::time::Duration::new(300u64, 0u32)),
                );
                ::festoon::__private::cached::look_up_in(
                    &self.inner.memo,
                    &FESTOON_SITE,
                    ::festoon::__private::cached::Rules::of(
                        (&&&&::festoon::__private::cached::Returned::<u64>::NEW).policy(),
                    ),
                    ::festoon::__private::cached::Bounded(
                        ::festoon::__private::cached::Living,
                    ),
                    ::festoon::__private::cached::Parts((
                            (&&&&::festoon::__private::cached::Arg(&sku)).part(),
                        ))
                        .shown(),
                    |(part0, part1): (&Arc<Self>, &str)| (
                        ::festoon::__private::cached::share(&part0.inner.memo),
                        ::festoon::__private::cached::Part::own(
                            &((&&&&::festoon::__private::cached::Arg(&part1)).part(),),
                        ),
                    ),
                )
            };
            match found {
                ::festoon::__private::cached::Found::Hit(value) => value,
                ::festoon::__private::cached::Found::Miss(miss) => {
                    miss.run_async(async move {
                            if false {
                                return ::festoon::__private::absurd::<u64>();
                            }
                            {
                                self.ask(sku).await
                            }
                        })
                        .await
                }
            }
        }
    }
}
