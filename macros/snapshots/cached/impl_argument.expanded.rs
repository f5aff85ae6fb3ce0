fn text(shown: impl ToString + Key) -> String {
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
                    (&&&&::festoon::__private::cached::Returned::<String>::NEW).policy(),
                    ::festoon::__private::cached::Bounded(
                        ::festoon::__private::cached::Lasting,
                    ),
                    ::festoon::__private::cached::Parts((
                            (&&&&::festoon::__private::cached::Arg(&shown)).part(),
                        ))
                        .shown(),
                    |never: ::festoon::__private::cached::Never| match never {},
                )
            };
            match found {
                ::festoon::__private::cached::Found::Hit(value) => value,
                ::festoon::__private::cached::Found::Miss(miss) => {
                    miss.run(|| -> String {
                        {
                            shown.to_string()
                        }
                    })
                }
            }
        }
    }
}
