fn f(n: u8) -> u8 {
    {
        {
            fn festoon_inside() {}
            ::festoon::__private::declare!(
                ::festoon::__private::Declared::new(& festoon_inside, & ["cached"],
                ::festoon::__private::Place::new(::core::file!(), ::core::line!(),
                ::core::column!(), ::core::option_env!("CARGO_PKG_VERSION"),),)
            );
        }
        {
            #[allow(clippy::used_underscore_binding)]
            let found = {
                #[allow(unused_imports)]
                use ::festoon::__private::cached::by_type::*;
                static FESTOON_SITE: ::festoon::__private::cached::CacheSite = ::festoon::__private::cached::CacheSite::new(
                    ::festoon::__private::cached::Settings::NONE.max(10),
                    ::festoon::__private::Place::new(
                        ::core::file!(),
                        ::core::line!(),
                        ::core::column!(),
                        ::core::option_env!("CARGO_PKG_VERSION"),
                    ),
                );
                let instance = || ();
                ::festoon::__private::cached::look_up(
                    &FESTOON_SITE,
                    ::festoon::__private::cached::Id::of(&instance),
                    ::festoon::__private::cached::Rules::of(
                        (&&&&&::festoon::__private::cached::Returned::<u8>::NEW).policy(),
                    ),
                    ::festoon::__private::cached::Exact(
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
fn g(n: u8) -> String {
    {
        {
            fn festoon_inside() {}
            ::festoon::__private::declare!(
                ::festoon::__private::Declared::new(& festoon_inside, & ["cached"],
                ::festoon::__private::Place::new(::core::file!(), ::core::line!(),
                ::core::column!(), ::core::option_env!("CARGO_PKG_VERSION"),),)
            );
        }
        {
            #[allow(clippy::used_underscore_binding)]
            let found = {
                #[allow(unused_imports)]
                use ::festoon::__private::cached::by_type::*;
                static FESTOON_SITE: ::festoon::__private::cached::CacheSite = ::festoon::__private::cached::CacheSite::new(
                    ::festoon::__private::cached::Settings::NONE
                        .max_weight(4096)
                        .ttl(::core::time::Duration::new(300u64, 0u32)),
                    ::festoon::__private::Place::new(
                        ::core::file!(),
                        ::core::line!(),
                        ::core::column!(),
                        ::core::option_env!("CARGO_PKG_VERSION"),
                    ),
                );
                let instance = || ();
                ::festoon::__private::cached::look_up(
                    &FESTOON_SITE,
                    ::festoon::__private::cached::Id::of(&instance),
                    ::festoon::__private::cached::Rules::of(
                            (&&&&&::festoon::__private::cached::Returned::<String>::NEW)
                                .policy(),
                        )
                        .weigh(|value| ::festoon::__private::cached::weight(
                            String::len,
                            value,
                        )),
                    ::festoon::__private::cached::Exact(
                        ::festoon::__private::cached::Weighed(
                            ::festoon::__private::cached::FixedExpiry,
                        ),
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
                            let value = ::festoon::__private::once(move || -> String {
                                {
                                    n.to_string()
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
