/// Retried: at most 5 attempts within 30s, with waits of `exponential(50ms, factor = 3, max = 2s)`.
async fn place(&mut self, order: Order) -> Result<Receipt, ShopError> {
    {
        {
            fn festoon_inside() {}
            ::festoon::__private::declare!(
                ::festoon::__private::Declared::new(& festoon_inside, & ["retry"],
                ::festoon::__private::Place::new(::core::file!(), ::core::line!(),
                ::core::column!(), ::core::option_env!("CARGO_PKG_VERSION"),),)
            );
        }
        let mut clone0 = ::core::option::Option::Some(order);
        let mut retry = ::festoon::__private::retry::start_async(
            || {
                static FESTOON_SITE: ::festoon::__private::retry::RetrySite = ::festoon::__private::retry::RetrySite::new(
                    ::festoon::__private::retry::Policy::new(
                        5,
                        ::festoon::__private::retry::Wait::exponential(
                                ::core::time::Duration::new(0u64, 50000000u32),
                            )
                            .factor(3.0)
                            .max(::core::time::Duration::new(2u64, 0u32))
                            .jitter(::festoon::__private::retry::Jitter::Equal),
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
            ::festoon::__private::retry::Given::new(
                ::core::option::Option::None,
                ::core::option::Option::Some(::core::time::Duration::new(30u64, 0u32)),
            ),
        );
        loop {
            {
                let result = retry
                    .attempt(
                        async {
                            let mut order = ::festoon::__private::retry::take_or_clone(
                                &mut clone0,
                                retry.is_last(),
                            );
                            if false {
                                return ::festoon::__private::absurd::<
                                    Result<Receipt, ShopError>,
                                >();
                            }
                            let _ = &mut *self;
                            let _ = &mut order;
                            {
                                self.send(order).await
                            }
                        },
                        |of| {
                            #[allow(unused_imports)]
                            use ::festoon::__private::retry::by_type::*;
                            of.fault()
                        },
                    )
                    .await;
                let verdict = ::festoon::__private::retry::judge_when(
                    &result,
                    |error| error.is_transient(),
                );
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
    }
}
