fn fib(n: u64) -> u64 {
    {
        {
            #[allow(clippy::used_underscore_binding)]
            let found = {
                #[allow(unused_imports)]
                use ::festoon::__private::cached::by_type::*;
                ::festoon::__private::cached::thread_local! {
                    static FESTOON_SITE : ::festoon::__private::cached::LocalSite = const
                    {
                    ::festoon::__private::cached::LocalSite::new(::festoon::__private::cached::Settings::NONE
                    .unbounded()) };
                }
                ::festoon::__private::cached::look_up_local(
                    &FESTOON_SITE,
                    ::festoon::__private::cached::Rules::of(
                        (&&&&::festoon::__private::cached::Returned::<u64>::NEW).policy(),
                    ),
                    ::festoon::__private::cached::LocalUnbounded(
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
                            if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
                        }
                    })
                }
            }
        }
    }
}
