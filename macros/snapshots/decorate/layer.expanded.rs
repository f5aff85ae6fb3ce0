fn parse<T: FromStr>(text: &str) -> Result<T, T::Err> {
    {
        ::festoon::__private::decorate::call::<
            _,
            Result<T, T::Err>,
        >(
            ::festoon::__private::decorate::LayerSite::layer(
                {
                    static FESTOON_SITE: ::festoon::__private::decorate::LayerSite = ::festoon::__private::decorate::LayerSite::new();
                    &FESTOON_SITE
                },
                || Limit::new(2),
                &|| (),
            ),
            move || -> Result<T, T::Err> {
                {
                    text.parse()
                }
            },
            |value: &Result<T, T::Err>| {
                #[allow(unused_imports)]
                use ::festoon::__private::Infallible as _;
                ::festoon::__private::Probe(value).kind()
            },
        )
    }
}
async fn double(n: u32) -> u32 {
    {
        my::festoon::__private::decorate::poll(
                my::festoon::__private::decorate::LayerSite::layer(
                    {
                        static FESTOON_SITE: my::festoon::__private::decorate::LayerSite = my::festoon::__private::decorate::LayerSite::new();
                        &FESTOON_SITE
                    },
                    || &LIMIT,
                    &|| (),
                ),
                async move {
                    if false {
                        return my::festoon::__private::absurd::<u32>();
                    }
                    {
                        n * 2
                    }
                },
                my::festoon::__private::success,
            )
            .await
    }
}
