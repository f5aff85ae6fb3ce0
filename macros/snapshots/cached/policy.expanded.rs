fn f(n: u8) -> u8 {
    {
        {
            #[allow(clippy::used_underscore_binding)]
            let found = {
                #[allow(unused_imports)]
                use ::festoon::__private::cached::by_type::*;
                static FESTOON_SITE: ::festoon::__private::cached::Site = ::festoon::__private::cached::Site::new(
                    ::festoon::__private::cached::Settings::NONE.max(10),
                );
                ::festoon::__private::cached::look_up(
                    &FESTOON_SITE,
                    (&&&&::festoon::__private::cached::Returned::<u8>::NEW).policy(),
                    ::festoon::__private::cached::Exact(
                        ::festoon::__private::cached::Lasting,
                    ),
                    ::festoon::__private::cached::Parts((
                            (&&&&::festoon::__private::cached::Arg(&n)).part(),
                        ))
                        .shown(),
                    |(part0,): (u8,)| ::festoon::__private::cached::Part::own(
                        &((&&&&::festoon::__private::cached::Arg(&part0)).part(),),
                    ),
                )
            };
            match found {
                ::festoon::__private::cached::Found::Hit(value) => value,
                ::festoon::__private::cached::Found::Miss(miss) => {
                    miss.run(|| -> u8 {
                        {
                            n
                        }
                    })
                }
            }
        }
    }
}
fn g(n: u8) -> String {
    {
        {
            #[allow(clippy::used_underscore_binding)]
            let found = {
                #[allow(unused_imports)]
                use ::festoon::__private::cached::by_type::*;
                static FESTOON_SITE: ::festoon::__private::cached::Site = ::festoon::__private::cached::Site::new(
                    ::festoon::__private::cached::Settings::NONE
                        .max_weight(4096)
                        .ttl(::core::time::Duration::new(300u64, 0u32)),
                );
                ::festoon::__private::cached::look_up_with(
                    &FESTOON_SITE,
                    ::festoon::__private::cached::Rules::of(
                            (&&&&::festoon::__private::cached::Returned::<String>::NEW)
                                .policy(),
                        )
                        .weigh(String::len),
                    ::festoon::__private::cached::Exact(
                        ::festoon::__private::cached::Weighed(
                            ::festoon::__private::cached::Expiring,
                        ),
                    ),
                    ::festoon::__private::cached::Parts((
                            (&&&&::festoon::__private::cached::Arg(&n)).part(),
                        ))
                        .shown(),
                    |(part0,): (u8,)| ::festoon::__private::cached::Part::own(
                        &((&&&&::festoon::__private::cached::Arg(&part0)).part(),),
                    ),
                )
            };
            match found {
                ::festoon::__private::cached::Found::Hit(value) => value,
                ::festoon::__private::cached::Found::Miss(miss) => {
                    miss.run(|| -> String {
                        {
                            n.to_string()
                        }
                    })
                }
            }
        }
    }
}
