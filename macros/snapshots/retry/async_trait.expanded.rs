/// Retried: at most 2 attempts, with waits of `chain [1ms, 5ms]`.
fn find<'life0, 'async_trait>(
    &'life0 self,
    id: u64,
) -> ::core::pin::Pin<
    Box<
        dyn ::core::future::Future<
            Output = Result<User, Error>,
        > + ::core::marker::Send + 'async_trait,
    >,
>
where
    'life0: 'async_trait,
    Self: 'async_trait,
{
    {
        Box::pin(async move {
            let __self = self;
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
                            2,
                            ::festoon::__private::retry::Wait::chain_of(
                                &[
                                    ::core::time::Duration::new(0u64, 1000000u32),
                                    ::core::time::Duration::new(0u64, 5000000u32),
                                ],
                            ),
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
                                        Result<User, Error>,
                                    >();
                                }
                                {
                                    let __ret: Result<User, Error> = {
                                        __self.users.get(id).await
                                    };
                                    #[allow(unreachable_code)] __ret
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
        })
    }
}
