async fn read(key: &str) -> std::io::Result<usize> {
    {
        ::festoon::__private::hedge::race(
                {
                    static FESTOON_SITE: ::festoon::__private::policies::PolicySite<
                        ::festoon::__private::hedge::Hedge,
                    > = ::festoon::__private::policies::PolicySite::new(
                        ::festoon::__private::hedge::Hedge::after(
                            ::core::time::Duration::new(0u64, 100000000u32),
                        ),
                    );
                    ::festoon::__private::policy!(FESTOON_SITE);
                    FESTOON_SITE.policy()
                },
                || async {
                    if false {
                        return ::festoon::__private::absurd::<std::io::Result<usize>>();
                    }
                    {
                        Ok(key.len())
                    }
                },
                |value: &std::io::Result<usize>| {
                    #[allow(unused_imports)]
                    use ::festoon::__private::Infallible as _;
                    ::festoon::__private::Probe(value).kind()
                },
            )
            .await
    }
}
async fn get(url: String, n: u32) -> Option<usize> {
    {
        ::festoon::__private::hedge::race(
                {
                    static FESTOON_SITE: ::festoon::__private::policies::PolicySite<
                        ::festoon::__private::hedge::Hedge,
                    > = ::festoon::__private::policies::PolicySite::new(
                        ::festoon::__private::hedge::Hedge::after_share(0.95f64)
                            .budget(0.5),
                    );
                    ::festoon::__private::policy!(FESTOON_SITE);
                    FESTOON_SITE.policy()
                },
                || async {
                    #[allow(clippy::restriction)]
                    let mut url = ::core::clone::Clone::clone(&url);
                    #[allow(clippy::restriction)]
                    let mut n = n;
                    if false {
                        return ::festoon::__private::absurd::<Option<usize>>();
                    }
                    {
                        n += 1;
                        url.push('/');
                        Some(url.len())
                    }
                },
                ::festoon::__private::success,
            )
            .await
    }
}
