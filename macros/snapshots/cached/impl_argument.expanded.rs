fn text(shown: impl ToString + Key) -> String {
    {
        {
            fn festoon_inside() {}
            ::festoon::__private::declare!(
                ::festoon::__private::Declared::new(& festoon_inside, & ["cached"],
                (::core::file!(), ::core::line!(), ::core::column!()),)
            );
        }
        {
            #[allow(clippy::used_underscore_binding)]
            let found = {
                #[allow(unused_imports)]
                use ::festoon::__private::cached::by_type::*;
                static FESTOON_SITE: ::festoon::__private::cached::Site = ::festoon::__private::cached::Site::new(
                    ::festoon::__private::cached::Settings::NONE,
                    ::festoon::__private::cached::Place::new(
                        ::core::file!(),
                        ::core::line!(),
                        ::core::option_env!("CARGO_PKG_VERSION"),
                    ),
                );
                let rules = || ::festoon::__private::cached::Rules::of(
                    (&&&&&::festoon::__private::cached::Returned::<String>::NEW).policy(),
                );
                ::festoon::__private::cached::look_up(
                    &FESTOON_SITE,
                    ::festoon::__private::cached::Id::of(&rules),
                    rules,
                    ::festoon::__private::cached::Bounded(
                        ::festoon::__private::cached::Lasting,
                    ),
                    ::festoon::__private::cached::Parts((
                            (&&&&::festoon::__private::cached::Arg(&shown)).part(),
                        ))
                        .shown(),
                )
            };
            match found {
                ::festoon::__private::cached::Found::Hit(value) => value,
                ::festoon::__private::cached::Found::Miss(miss) => {
                    match miss.lead() {
                        ::core::result::Result::Ok(run) => {
                            let value = ::festoon::__private::once(move || -> String {
                                let _ = (&shown,);
                                {
                                    shown.to_string()
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
