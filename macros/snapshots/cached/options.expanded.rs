fn load(
    conn: &mut Conn,
    id: u64,
    names: &[String],
    lang: Option<&str>,
    nested: &&str,
) -> Result<User, Error> {
    {
        {
            #[allow(clippy::used_underscore_binding)]
            let found = {
                #[allow(unused_imports)]
                use ::festoon::__private::cached::by_type::*;
                static FESTOON_SITE: ::festoon::__private::cached::Site = ::festoon::__private::cached::Site::new(
                    ::festoon::__private::cached::Settings::NONE
                        .max(10000)
                        .ttl(::core::time::Duration::new(300u64, 0u32)),
                );
                ::festoon::__private::cached::look_up(
                    &FESTOON_SITE,
                    (&&&&::festoon::__private::cached::Returned::<
                        Result<User, Error>,
                    >::NEW)
                        .whole(),
                    ::festoon::__private::cached::Bounded(
                        ::festoon::__private::cached::Expiring,
                    ),
                    ::festoon::__private::cached::Parts((
                            (&&&&::festoon::__private::cached::Arg(&id)).part(),
                            (&&&&::festoon::__private::cached::Arg(&names)).part(),
                            (&&&&::festoon::__private::cached::Arg(&lang)).part(),
                            (&&&&::festoon::__private::cached::Arg(&*nested)).part(),
                        ))
                        .shown(),
                    |
                        (
                            _,
                            part1,
                            part2,
                            part3,
                            part4,
                        ): (&mut Conn, u64, &[String], Option<&str>, &&str)|
                    ::festoon::__private::cached::Part::own(
                        &(
                            (&&&&::festoon::__private::cached::Arg(&part1)).part(),
                            (&&&&::festoon::__private::cached::Arg(&part2)).part(),
                            (&&&&::festoon::__private::cached::Arg(&part3)).part(),
                            (&&&&::festoon::__private::cached::Arg(&*part4)).part(),
                        ),
                    ),
                )
            };
            match found {
                ::festoon::__private::cached::Found::Hit(value) => value,
                ::festoon::__private::cached::Found::Miss(miss) => {
                    miss.run(|| -> Result<User, Error> {
                        {
                            conn.load(id)?.named(names, lang, nested)
                        }
                    })
                }
            }
        }
    }
}
