/// Retried: at most 3 attempts, with waits of `exponential(100ms, max = 5s)`.
fn save(text: &str, a: u8, b: u8) -> Result<(), Error> {
    {
        {
            fn festoon_inside() {}
            ::festoon::__private::declare!(
                ::festoon::__private::Declared::new(& festoon_inside, & ["timed",
                "retry"], ::festoon::__private::Place::new(::core::file!(),
                ::core::line!(), ::core::column!(),
                ::core::option_env!("CARGO_PKG_VERSION"),),)
            );
        }
        let mut call = ::festoon::__private::timed::Call::that_returns();
        let timer = call
            .start(
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
            );
        let value = ::festoon::__private::once(move || -> Result<(), Error> {
            let forgotten = ::festoon::__private::invalidates::always([
                ::festoon::__private::invalidates::Decorated::cache(&parse::<u32>)
                    .forgets::<1usize, _>((text,)),
                ::festoon::__private::invalidates::Decorated::cache(&get)
                    .forgets::<1usize, _>((a,)),
                ::festoon::__private::invalidates::Decorated::cache(&get)
                    .forgets::<1usize, _>((b,)),
            ]);
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
                || -> Result<(), Error> {
                    {
                        work()
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
        })();
        timer
            .ended(
                &value,
                |value: &Result<(), Error>| {
                    #[allow(unused_imports)]
                    use ::festoon::__private::Infallible as _;
                    ::festoon::__private::Probe(value).kind()
                },
            );
        value
    }
}
