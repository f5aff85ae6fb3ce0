fn load(path: &str) -> std::io::Result<String> {
    {
        let policy = {
            static FESTOON_SITE: ::festoon::__private::policies::PolicySite<
                ::festoon::__private::circuit_breaker::Breaker,
            > = ::festoon::__private::policies::PolicySite::new(
                ::festoon::__private::circuit_breaker::Breaker::new(),
            );
            ::festoon::__private::policy!(FESTOON_SITE);
            FESTOON_SITE.policy()
        };
        let value = match policy.admit() {
            ::core::result::Result::Ok(permit) => {
                let value = ::festoon::__private::once(move || -> std::io::Result<
                    String,
                > {
                    {
                        std::fs::read_to_string(path)
                    }
                })();
                let failure = (::festoon::__private::policies::ends::<
                    std::io::Result<String>,
                    _,
                >()
                    .failure)(&value);
                ::festoon::__private::circuit_breaker::ended(
                    permit,
                    failure,
                    ::festoon::__private::circuit_breaker::always,
                );
                value
            }
            ::core::result::Result::Err(refused) => {
                (::festoon::__private::policies::ends::<std::io::Result<String>, _>()
                    .refused)(refused)
            }
        };
        value
    }
}
async fn get(host: &str, path: String) -> std::io::Result<String> {
    {
        let policy = {
            static FESTOON_SITE: ::festoon::__private::policies::PolicySite<
                ::festoon::__private::circuit_breaker::Breaker,
            > = ::festoon::__private::policies::PolicySite::new(
                ::festoon::__private::circuit_breaker::Breaker::new()
                    .window_of_time(::core::time::Duration::new(10u64, 0u32))
                    .minimum(5)
                    .failure_rate(0.25)
                    .slow(::core::time::Duration::new(1u64, 0u32))
                    .slow_rate(0.5)
                    .open_for(::core::time::Duration::new(60u64, 0u32))
                    .probes(1),
            );
            ::festoon::__private::policy!(FESTOON_SITE);
            #[allow(unused_imports)]
            use ::festoon::__private::policies::OwnKey as _;
            FESTOON_SITE.of(::festoon::__private::policies::Key(&host).borrowed())
        };
        let value = match policy.admit() {
            ::core::result::Result::Ok(permit) => {
                let value = async move {
                    if false {
                        return ::festoon::__private::absurd::<std::io::Result<String>>();
                    }
                    let _ = (&path,);
                    {
                        Ok(path)
                    }
                }
                    .await;
                let failure = (::festoon::__private::policies::ends::<
                    std::io::Result<String>,
                    _,
                >()
                    .failure)(&value);
                ::festoon::__private::circuit_breaker::ended(permit, failure, is_ours);
                value
            }
            ::core::result::Result::Err(refused) => {
                (::festoon::__private::policies::ends::<std::io::Result<String>, _>()
                    .refused)(refused)
            }
        };
        value
    }
}
