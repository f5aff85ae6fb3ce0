/// Retried: at most 3 attempts, with waits of `exponential(100ms, max = 5s)`.
pub fn load(path: &str) -> io::Result<String> {
    {
        {
            fn festoon_inside() {}
            ::festoon::__private::declare!(
                ::festoon::__private::Declared::new(& festoon_inside, & ["retry"],
                ::festoon::__private::Place::new(::core::file!(), ::core::line!(),
                ::core::column!(), ::core::option_env!("CARGO_PKG_VERSION"),),)
            );
        }
        ::festoon::__private::retry::run(
            || {
                static FESTOON_SITE: ::festoon::__private::retry::RetrySite = ::festoon::__private::retry::RetrySite::new(
                    ::festoon::__private::retry::Policy::new(
                        ::festoon::__private::retry::Policy::ATTEMPTS,
                        ::festoon::__private::retry::Wait::STANDARD,
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
            || -> io::Result<String> {
                {
                    let text = fs::read_to_string(path)?;
                    Ok(text)
                }
            },
            |of| {
                #[allow(unused_imports)]
                use ::festoon::__private::retry::by_type::*;
                (
                    of.judge(),
                    ::festoon::__private::retry::Kind {
                        text: (&&of).text(),
                        fault: of.fault(),
                    },
                )
            },
        )
    }
}
