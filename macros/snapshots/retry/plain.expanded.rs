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
                static FESTOON_SITE: ::festoon::__private::retry::Site = ::festoon::__private::retry::Site::new(
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
                ::std::thread_local! {
                    static FESTOON_SLOT : ::festoon::__private::retry::Slot = const {
                    ::festoon::__private::retry::Slot::new(::core::option::Option::None)
                    };
                }
                (&FESTOON_SITE, &FESTOON_SLOT)
            },
            ::festoon::__private::retry::Known,
            || -> io::Result<String> {
                {
                    let text = fs::read_to_string(path)?;
                    Ok(text)
                }
            },
            |result| ::festoon::__private::retry::judge(result),
            |failure| {
                #[allow(unused_imports)]
                use ::festoon::__private::retry::{Debugged as _, Wordless as _};
                (&::festoon::__private::retry::Probe(failure)).text()
            },
        )
    }
}
