fn outside(n: u8) -> u8 {
    {
        {
            fn festoon_inside() {}
            ::festoon::__private::declare!(
                ::festoon::__private::Declared::new(& festoon_inside, & ["timed",
                "cached"], ::festoon::__private::Place::new(::core::file!(),
                ::core::line!(), ::core::column!(),
                ::core::option_env!("CARGO_PKG_VERSION"),),)
            );
        }
        static FESTOON_SITE: ::festoon::__private::cached::CacheSite = ::festoon::__private::cached::CacheSite::new(
            ::festoon::__private::cached::Settings::NONE.max(3),
            ::festoon::__private::Place::new(
                ::core::file!(),
                ::core::line!(),
                ::core::column!(),
                ::core::option_env!("CARGO_PKG_VERSION"),
            ),
        );
        let instance = || ();
        if ::festoon::__private::cached::is_asked(&instance) {
            #[allow(clippy::used_underscore_binding)]
            let found = {
                #[allow(unused_imports)]
                use ::festoon::__private::cached::by_type::*;
                ::festoon::__private::cached::look_up(
                    &FESTOON_SITE,
                    ::festoon::__private::cached::Id::of(&instance),
                    ::festoon::__private::cached::Rules::of(
                        (&&&&&::festoon::__private::cached::Returned::<u8>::NEW).policy(),
                    ),
                    ::festoon::__private::cached::Bounded(
                        ::festoon::__private::cached::NoExpiry,
                    ),
                    ::festoon::__private::cached::KeyParts((
                            (&&&&::festoon::__private::cached::Arg(&n)).part(),
                        ))
                        .lookup_key(),
                )
            };
            match found {
                ::festoon::__private::cached::Found::Hit(value) => return value,
                ::festoon::__private::cached::Found::Miss(miss) => miss.leave(),
            }
        }
        let mut call = ::festoon::__private::timed::Call::unmeasured();
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
        {
            #[allow(clippy::used_underscore_binding)]
            let found = {
                #[allow(unused_imports)]
                use ::festoon::__private::cached::by_type::*;
                ::festoon::__private::cached::look_up(
                    &FESTOON_SITE,
                    ::festoon::__private::cached::Id::of(&instance),
                    ::festoon::__private::cached::Rules::of(
                        (&&&&&::festoon::__private::cached::Returned::<u8>::NEW).policy(),
                    ),
                    ::festoon::__private::cached::Bounded(
                        ::festoon::__private::cached::NoExpiry,
                    ),
                    ::festoon::__private::cached::KeyParts((
                            (&&&&::festoon::__private::cached::Arg(&n)).part(),
                        ))
                        .lookup_key(),
                )
            };
            match found {
                ::festoon::__private::cached::Found::Hit(value) => value,
                ::festoon::__private::cached::Found::Miss(miss) => {
                    match miss.lead() {
                        ::core::result::Result::Ok(run) => {
                            let value = ::festoon::__private::once(move || -> u8 {
                                {
                                    n
                                }
                            })();
                            run.finish(value)
                        }
                        ::core::result::Result::Err(value) => value,
                    }
                }
            }
        }
    }
}
