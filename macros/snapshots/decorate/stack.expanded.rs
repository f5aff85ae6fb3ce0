#[inline]
fn f(n: u32) -> u32 {
    {
        first(
            move |#[allow(clippy::restriction)] n: u32| -> u32 {
                ::festoon::__private::decorate::call::<
                    _,
                    u32,
                >(
                    ::festoon::__private::decorate::LayerSite::layer(
                        {
                            static FESTOON_SITE: ::festoon::__private::decorate::LayerSite = ::festoon::__private::decorate::LayerSite::new();
                            &FESTOON_SITE
                        },
                        || Second,
                        &|| (),
                    ),
                    move || -> u32 {
                        third(
                            move |#[allow(clippy::restriction)] n: u32| -> u32 {
                                {
                                    n
                                }
                            },
                            n,
                        )
                    },
                    ::festoon::__private::success,
                )
            },
            n,
        )
    }
}
