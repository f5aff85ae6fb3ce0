fn parse<'a, T: FromStr>(text: &'a str) -> Result<T, Error>
where
    T: 'a,
{
    #![allow(unused)]
    {
        {
            fn festoon_inside() {}
            ::festoon::__private::declare!(
                ::festoon::__private::Declared::new(& festoon_inside, & ["timed"],
                ::festoon::__private::Place::new(::core::file!(), ::core::line!(),
                ::core::column!(), ::core::option_env!("CARGO_PKG_VERSION"),),)
            );
        }
        let mut call = ::festoon::__private::timed::Call::that_returns();
        let timer = call
            .start(
                {
                    static FESTOON_SITE: ::festoon::__private::timed::TimedSite = ::festoon::__private::timed::TimedSite::new(
                        ::festoon::__private::timed::Settings::NONE
                            .name("shop.parse")
                            .warn_over(::core::time::Duration::new(0u64, 1500000u32)),
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
            );
        let value = ::festoon::__private::once(move || -> Result<T, Error> {
            {
                Ok(text.trim().parse()?)
            }
        })();
        timer
            .ended(
                &value,
                |value: &Result<T, Error>| {
                    #[allow(unused_imports)]
                    use ::festoon::__private::Infallible as _;
                    ::festoon::__private::Probe(value).kind()
                },
            );
        value
    }
}
