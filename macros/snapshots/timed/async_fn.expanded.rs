pub async fn load(id: u64) -> io::Result<impl Iterator<Item = u8>> {
    {
        {
            fn festoon_inside() {}
            ::festoon::__private::declare!(
                ::festoon::__private::Declared::new(& festoon_inside, & ["timed"],
                ::festoon::__private::Place::new(::core::file!(), ::core::line!(),
                ::core::column!(), ::core::option_env!("CARGO_PKG_VERSION"),),)
            );
        }
        ::festoon::__private::timed::poll(
                {
                    static FESTOON_SITE: ::festoon::__private::timed::TimedSite = ::festoon::__private::timed::TimedSite::new(
                        ::festoon::__private::timed::Settings::NONE,
                        ::festoon::__private::Place::new(
                            ::core::file!(),
                            ::core::line!(),
                            ::core::column!(),
                            ::core::option_env!("CARGO_PKG_VERSION"),
                        ),
                    );
                    &FESTOON_SITE
                },
                ::core::any::type_name_of_val(&|| ()),
                async move {
                    if false {
                        return ::festoon::__private::absurd::<io::Result<_>>();
                    }
                    {
                        let bytes = fetch(id).await?;
                        Ok(bytes.into_iter())
                    }
                },
                |value: &io::Result<_>| {
                    #[allow(unused_imports)]
                    use ::festoon::__private::Infallible as _;
                    ::festoon::__private::Probe(value).kind()
                },
            )
            .await
    }
}
