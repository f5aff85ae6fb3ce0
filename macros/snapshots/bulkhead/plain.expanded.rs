fn query(sql: &str) -> Option<usize> {
    {
        let policy = {
            static FESTOON_SITE: ::festoon::__private::policies::PolicySite<
                ::festoon::__private::bulkhead::Bulkhead,
            > = ::festoon::__private::policies::PolicySite::new(
                ::festoon::__private::bulkhead::Bulkhead::new(10)
                    .wait_at_most(::core::time::Duration::new(1u64, 0u32))
                    .queue(5),
            );
            ::festoon::__private::policy!(FESTOON_SITE);
            FESTOON_SITE.policy()
        };
        let value = match policy.enter() {
            ::core::result::Result::Ok(permit) => {
                let value = ::festoon::__private::once(move || -> Option<usize> {
                    {
                        Some(sql.len())
                    }
                })();
                let failure = (::festoon::__private::policies::ends::<Option<usize>, _>()
                    .failure)(&value);
                ::festoon::__private::bulkhead::ended(permit, failure);
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
async fn follows(sql: String) -> Option<usize> {
    {
        ::festoon::__private::policies::admitted(
                {
                    static FESTOON_SITE: ::festoon::__private::policies::PolicySite<
                        ::festoon::__private::bulkhead::Bulkhead,
                    > = ::festoon::__private::policies::PolicySite::new(
                        ::festoon::__private::bulkhead::Bulkhead::new(20)
                            .adaptive(::festoon::__private::bulkhead::most(20)),
                    );
                    ::festoon::__private::policy!(FESTOON_SITE);
                    FESTOON_SITE.policy()
                }
                    .enter_async(),
                async move {
                    if false {
                        return ::festoon::__private::absurd::<Option<usize>>();
                    }
                    let _ = (&sql,);
                    {
                        Some(sql.len())
                    }
                },
                move |value, permit| {
                    let failure = (::festoon::__private::policies::ends::<
                        Option<usize>,
                        _,
                    >()
                        .failure)(value);
                    ::festoon::__private::bulkhead::ended(permit, failure);
                },
                ::festoon::__private::policies::ends::<Option<usize>, _>().refused,
            )
            .await
    }
}
async fn resize(picture: Vec<u8>) -> usize {
    {
        ::festoon::__private::policies::admitted(
                {
                    static FESTOON_SITE: ::festoon::__private::policies::PolicySite<
                        ::festoon::__private::bulkhead::Bulkhead,
                    > = ::festoon::__private::policies::PolicySite::new(
                        ::festoon::__private::bulkhead::Bulkhead::new(4).wait(),
                    );
                    ::festoon::__private::policy!(FESTOON_SITE);
                    FESTOON_SITE.policy()
                }
                    .enter_async(),
                async move {
                    if false {
                        return ::festoon::__private::absurd::<usize>();
                    }
                    let _ = (&picture,);
                    {
                        picture.len()
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
