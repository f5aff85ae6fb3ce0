fn load(
    conn: &mut Conn,
    id: u64,
    names: &[String],
    lang: Option<&str>,
    nested: &&str,
) -> Result<User, Error> {
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
                        .max(10000)
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
                        (&&&&&::festoon::__private::cached::Returned::<
                            Result<User, Error>,
                        >::NEW)
                            .whole(),
                    ),
                    ::festoon::__private::cached::Bounded(
                        ::festoon::__private::cached::FixedExpiry,
                    ),
                    ::festoon::__private::cached::KeyParts((
                            (&&&&::festoon::__private::cached::Arg(&id)).part(),
                            (&&&&::festoon::__private::cached::Arg(&names)).part(),
                            (&&&&::festoon::__private::cached::Arg(&lang)).part(),
                            (&&&&::festoon::__private::cached::Arg(&*nested)).part(),
                        ))
                        .lookup_key()
                        .recurring(),
                )
            };
            match found {
                ::festoon::__private::cached::Found::Hit(value) => value,
                ::festoon::__private::cached::Found::Miss(miss) => {
                    match miss.lead() {
                        ::core::result::Result::Ok(run) => {
                            let value = ::festoon::__private::once(move || -> Result<
                                User,
                                Error,
                            > {
                                let _ = (&lang,);
                                {
                                    conn.load(id)?.named(names, lang, nested)
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
