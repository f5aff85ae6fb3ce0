fn outside(n: u8) -> u8 {
    {
        let mut call = ::festoon::__private::timed::Call::unmeasured();
        let timer = call
            .start(
                {
                    static FESTOON_SITE: ::festoon::__private::timed::Site = ::festoon::__private::timed::Site::PLAIN;
                    &FESTOON_SITE
                },
                ::core::any::type_name_of_val(&|| ()),
            );
        {
            #[allow(clippy::used_underscore_binding)]
            let found = {
                #[allow(unused_imports)]
                use ::festoon::__private::cached::by_type::*;
                static FESTOON_SITE: ::festoon::__private::cached::Site = ::festoon::__private::cached::Site::new(
                    ::festoon::__private::cached::Settings::NONE.max(3),
                );
                ::festoon::__private::cached::look_up(
                    &FESTOON_SITE,
                    (&&&&::festoon::__private::cached::Returned::<u8>::NEW).policy(),
                    ::festoon::__private::cached::Bounded(
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
