/// Retried: any number of attempts within 30s, with waits of `exponential(50ms, min = 1ms, jitter = none) + uniform(0ms, 1s)`.
async fn price(&self, sku: &str) -> Result<u32, RetryError<ShopError>> {
    {
        {
            fn festoon_inside() {}
            ::festoon::__private::declare!(
                ::festoon::__private::Declared::new(& festoon_inside, & ["retry"],
                ::festoon::__private::Place::new(::core::file!(), ::core::line!(),
                ::core::column!(), ::core::option_env!("CARGO_PKG_VERSION"),),)
            );
        }
        let mut retry = ::festoon::__private::retry::start_async(
            || {
                static FESTOON_SITE: ::festoon::__private::retry::RetrySite = ::festoon::__private::retry::RetrySite::new(
                    ::festoon::__private::retry::Policy::new(
                        ::festoon::__private::retry::Policy::UNLIMITED,
                        ::festoon::__private::retry::Wait::sum_of({
                            const PARTS: &[::festoon::__private::retry::Wait] = &[
                                ::festoon::__private::retry::Wait::exponential(
                                        ::core::time::Duration::new(0u64, 50000000u32),
                                    )
                                    .min(::core::time::Duration::new(0u64, 1000000u32))
                                    .jitter(::festoon::__private::retry::Jitter::None),
                                ::festoon::__private::retry::Wait::uniform(
                                    ::core::time::Duration::new(0u64, 0u32),
                                    ::core::time::Duration::new(1u64, 0u32),
                                ),
                            ];
                            PARTS
                        }),
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
            ::festoon::__private::retry::budgeted(
                ::festoon::__private::retry::Given::new(
                        ::core::option::Option::None,
                        ::core::option::Option::Some(
                            ::core::time::Duration::new(30u64, 0u32),
                        ),
                    )
                    .started(),
                {
                    static FESTOON_BUDGET: ::festoon::__private::retry::NamedBudget = ::festoon::__private::retry::NamedBudget::new(
                        "shop",
                    );
                    FESTOON_BUDGET.get()
                },
            ),
        );
        loop {
            {
                retry
                    .hook(
                        ::festoon::__private::retry::with_one(
                            retry.told(),
                            async |attempt| log(attempt).await,
                        ),
                    )
                    .await;
                let result = retry
                    .attempt(
                        async {
                            if false {
                                return ::festoon::__private::absurd::<
                                    Result<u32, RetryError<ShopError>>,
                                >();
                            }
                            {
                                self.ask(sku).await
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
                    ::festoon::__private::retry::Of::value(&result).judge()(&result)
                }
                    .hinted(&result, |error| error.retry_after())
                    .at_most(::core::time::Duration::new(60u64, 0u32));
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
                    break {
                        #[allow(unused_imports)]
                        use ::festoon::__private::retry::Instead as _;
                        match retry
                            .on_give_up(
                                ::festoon::__private::retry::failure(&failure),
                                |error| Err(error.clone()),
                            )
                        {
                            ::core::option::Option::Some(returned) => {
                                ::festoon::__private::retry::Returned(returned).or(failure)
                            }
                            ::core::option::Option::None => failure,
                        }
                    };
                }
            }
            retry.sleep_async().await;
        }
    }
}
