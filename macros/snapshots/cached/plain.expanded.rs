/// Squares.
pub fn square(n: u64) -> u64 {
    {
        {
            #[allow(clippy::used_underscore_binding)]
            let found = {
                #[allow(unused_imports)]
                use ::festoon::__private::cached::by_type::*;
                static FESTOON_SITE: ::festoon::__private::cached::Site = ::festoon::__private::cached::Site::new(
                    ::festoon::__private::cached::Settings::NONE,
                );
                ::festoon::__private::cached::look_up(
                    &FESTOON_SITE,
                    (&&&&::festoon::__private::cached::Returned::<u64>::NEW).policy(),
                    ::festoon::__private::cached::Bounded(
                        ::festoon::__private::cached::Lasting,
                    ),
                    ::festoon::__private::cached::Parts((
                            (&&&&::festoon::__private::cached::Arg(&n)).part(),
                        ))
                        .shown(),
                    |(part0,): (u64,)| ::festoon::__private::cached::Part::own(
                        &((&&&&::festoon::__private::cached::Arg(&part0)).part(),),
                    ),
                )
            };
            match found {
                ::festoon::__private::cached::Found::Hit(value) => value,
                ::festoon::__private::cached::Found::Miss(miss) => {
                    miss.run(|| -> u64 {
                        {
                            n * n
                        }
                    })
                }
            }
        }
    }
}
