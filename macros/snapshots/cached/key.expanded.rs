pub(crate) fn tax(&mut self, sku: &str, day: Day) -> u64 {
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
                    ::festoon::__private::cached::Settings::NONE.unbounded(),
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
                        (&&&&&::festoon::__private::cached::Returned::<u64>::NEW)
                            .policy(),
                    ),
                    ::festoon::__private::cached::Unbounded(
                        ::festoon::__private::cached::NoExpiry,
                    ),
                    ::festoon::__private::cached::KeyParts((
                            (&&&&::festoon::__private::cached::Arg(&(self.country)))
                                .part(),
                            (&&&&::festoon::__private::cached::Arg(
                                &(sku.to_lowercase()),
                            ))
                                .part(),
                            (&&&&::festoon::__private::cached::Arg(&day)).part(),
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
                            let value = ::festoon::__private::once(move || -> u64 {
                                #[allow(clippy::shadow_same)]
                                let day = day;
                                {
                                    self.rate(sku)
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
