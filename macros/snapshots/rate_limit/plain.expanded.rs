fn ask(user: &str) -> Option<usize> {
    {
        let policy = {
            static FESTOON_SITE: ::festoon::__private::policies::PolicySite<
                ::festoon::__private::rate_limit::RateLimit,
            > = ::festoon::__private::policies::PolicySite::new(
                ::festoon::__private::rate_limit::RateLimit::new(
                        100,
                        ::core::time::Duration::new(1u64, 0u32),
                    )
                    .burst(10),
            );
            ::festoon::__private::policy!(FESTOON_SITE);
            #[allow(unused_imports)]
            use ::festoon::__private::policies::OwnKey as _;
            FESTOON_SITE.of(::festoon::__private::policies::Key(&user).borrowed())
        };
        let value = match policy.admit() {
            ::core::result::Result::Ok(permit) => {
                let value = ::festoon::__private::once(move || -> Option<usize> {
                    {
                        Some(user.len())
                    }
                })();
                ::festoon::__private::policies::over(permit);
                value
            }
            ::core::result::Result::Err(refused) => {
                (::festoon::__private::policies::ends::<Option<usize>, _>()
                    .refused)(refused)
            }
        };
        value
    }
}
async fn send(text: String) -> usize {
    {
        ::festoon::__private::policies::admitted(
                {
                    static FESTOON_SITE: ::festoon::__private::policies::PolicySite<
                        ::festoon::__private::rate_limit::RateLimit,
                    > = ::festoon::__private::policies::PolicySite::new(
                        ::festoon::__private::rate_limit::RateLimit::new(
                                LIMIT,
                                Duration::from_secs(60),
                            )
                            .wait(),
                    );
                    ::festoon::__private::policy!(FESTOON_SITE);
                    FESTOON_SITE.policy()
                }
                    .admit_async(),
                async move {
                    if false {
                        return ::festoon::__private::absurd::<usize>();
                    }
                    let _ = (&text,);
                    {
                        text.len()
                    }
                },
                move |_, permit| {
                    ::festoon::__private::policies::over(permit);
                },
                |refused| ::festoon::__private::policies::granted(
                    ::core::result::Result::Err(refused),
                ),
            )
            .await
    }
}
