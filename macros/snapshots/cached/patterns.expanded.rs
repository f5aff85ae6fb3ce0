fn page(Path(id): Path<u64>, argument1: State<Db>) -> String {
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
                    ::festoon::__private::cached::Settings::NONE,
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
                    ),
                    ::festoon::__private::cached::Bounded(
                        ::festoon::__private::cached::NoExpiry,
                    ),
                    ::festoon::__private::cached::KeyParts((
                            (&&&&::festoon::__private::cached::Arg(&(id))).part(),
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
                            let value = ::festoon::__private::once(move || -> String {
                                let _ = (&id,);
                                let argument1 = argument1;
                                #[allow(clippy::shadow_same)]
                                let State(db) = argument1;
                                {
                                    db.page(id)
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
fn part((id, db): (u64, Db)) -> u64 {
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
                    ::festoon::__private::cached::Settings::NONE,
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
                    ::festoon::__private::cached::Bounded(
                        ::festoon::__private::cached::NoExpiry,
                    ),
                    ::festoon::__private::cached::KeyParts((
                            (&&&&::festoon::__private::cached::Arg(&id)).part(),
                        ))
                        .lookup_key(),
                )
            };
            match found {
                ::festoon::__private::cached::Found::Hit(value) => value,
                ::festoon::__private::cached::Found::Miss(miss) => {
                    match miss.lead() {
                        ::core::result::Result::Ok(run) => {
                            let value = ::festoon::__private::once(move || -> u64 {
                                let _ = (&id,);
                                {
                                    id
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
fn refreshed(argument0: Path<u64>, argument1: State<Db>) -> u64 {
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
            let body = |
                #[allow(clippy::restriction)]
                Path(id): Path<u64>,
                #[allow(clippy::restriction)]
                State(db): State<Db>,
            | -> u64 {
                {
                    id
                }
            };
            #[allow(clippy::used_underscore_binding)]
            let found = {
                #[allow(unused_imports)]
                use ::festoon::__private::cached::by_type::*;
                static FESTOON_SITE: ::festoon::__private::cached::CacheSite = ::festoon::__private::cached::CacheSite::new(
                    ::festoon::__private::cached::Settings::NONE
                        .ttl(::core::time::Duration::new(60u64, 0u32))
                        .stale(::core::time::Duration::new(10u64, 0u32)),
                    ::festoon::__private::Place::new(
                        ::core::file!(),
                        ::core::line!(),
                        ::core::column!(),
                        ::core::option_env!("CARGO_PKG_VERSION"),
                    ),
                );
                #[allow(
                    unused_mut,
                    unused_variables,
                    clippy::shadow_same,
                    clippy::shadow_unrelated
                )]
                let Path(id) = ::core::clone::Clone::clone(&argument0);
                let instance = || ();
                ::festoon::__private::cached::look_up_refreshed(
                    &FESTOON_SITE,
                    ::festoon::__private::cached::Id::of(&instance),
                    ::festoon::__private::cached::Rules::of(
                        (&&&&&::festoon::__private::cached::Returned::<u64>::NEW)
                            .policy(),
                    ),
                    ::festoon::__private::cached::Bounded(
                        ::festoon::__private::cached::SlidingExpiry,
                    ),
                    ::festoon::__private::cached::KeyParts((
                            (&&&&::festoon::__private::cached::Arg(&(id))).part(),
                        ))
                        .lookup_key()
                        .recurring(),
                )
            };
            match found {
                ::festoon::__private::cached::Refreshed::Hit(value) => value,
                ::festoon::__private::cached::Refreshed::Due(value, claim) => {
                    {
                        #[allow(unused_imports)]
                        use ::festoon::__private::cached::by_type::*;
                        let owned0 = (&&&&::festoon::__private::cached::RefreshArg(
                            &argument0,
                        ))
                            .owned();
                        let owned1 = (&&&&::festoon::__private::cached::RefreshArg(
                            &argument1,
                        ))
                            .owned();
                        claim.run(move || body(owned0.argument(), owned1.argument()));
                    }
                    value
                }
                ::festoon::__private::cached::Refreshed::Miss(miss) => {
                    match miss.lead() {
                        ::core::result::Result::Ok(run) => {
                            let value = ::festoon::__private::once(|| body(
                                argument0,
                                argument1,
                            ))();
                            run.finish(value)
                        }
                        ::core::result::Result::Err(value) => value,
                    }
                }
            }
        }
    }
}
fn nothing(argument0: (Vec<u8>, u8)) {
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
            #[deprecated(
                note = "this function returns nothing to cache: of several equal calls, only the first runs the body. Write `cache_unit` if that is intended, or remove `#[cached]`"
            )]
            #[allow(non_upper_case_globals, clippy::restriction)]
            const nothing_is_cached: () = ();
            nothing_is_cached
        }
        {
            #[allow(clippy::used_underscore_binding)]
            let found = {
                #[allow(unused_imports)]
                use ::festoon::__private::cached::by_type::*;
                static FESTOON_SITE: ::festoon::__private::cached::CacheSite = ::festoon::__private::cached::CacheSite::new(
                    ::festoon::__private::cached::Settings::NONE,
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
                        (&&&&&::festoon::__private::cached::Returned::<()>::NEW).policy(),
                    ),
                    ::festoon::__private::cached::Bounded(
                        ::festoon::__private::cached::NoExpiry,
                    ),
                    ::festoon::__private::cached::KeyParts((
                            (&&&&::festoon::__private::cached::Arg(&argument0)).part(),
                        ))
                        .lookup_key(),
                )
            };
            match found {
                ::festoon::__private::cached::Found::Hit(value) => value,
                ::festoon::__private::cached::Found::Miss(miss) => {
                    match miss.lead() {
                        ::core::result::Result::Ok(run) => {
                            let value = ::festoon::__private::once(move || -> () {
                                let mut argument0 = argument0;
                                #[allow(clippy::shadow_same)]
                                let (ref mut list, n) = argument0;
                                {
                                    list.push(n);
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
