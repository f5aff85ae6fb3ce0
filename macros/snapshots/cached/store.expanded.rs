async fn price(sku: &str) -> Result<Price, Error> {
    {
        {
            fn festoon_inside() {}
            ::festoon::__private::declare!(
                ::festoon::__private::Declared::new(& festoon_inside, & ["cached"],
                ::festoon::__private::Place::new(::core::file!(), ::core::line!(),
                ::core::column!(), ::core::option_env!("CARGO_PKG_VERSION"),),)
            );
        }
        ::festoon::__private::lazy(move || {
                #[allow(clippy::used_underscore_binding)]
                let found = {
                    #[allow(unused_imports)]
                    use ::festoon::__private::cached::by_type::*;
                    static FESTOON_SITE: ::festoon::__private::cached::CacheSite = ::festoon::__private::cached::CacheSite::new(
                        ::festoon::__private::cached::Settings::NONE
                            .unbounded()
                            .ttl(::core::time::Duration::new(300u64, 0u32)),
                        ::festoon::__private::Place::new(
                            ::core::file!(),
                            ::core::line!(),
                            ::core::column!(),
                            ::core::option_env!("CARGO_PKG_VERSION"),
                        ),
                    );
                    let instance = || ();
                    ::festoon::__private::cached::look_up_remote(
                        &FESTOON_SITE,
                        ::festoon::__private::cached::Id::of(&instance),
                        ::festoon::__private::cached::Rules::of(
                            (&&&&&::festoon::__private::cached::Returned::<
                                Result<Price, Error>,
                            >::NEW)
                                .policy()
                                .storable_values(),
                        ),
                        ::festoon::__private::cached::Null,
                        ::festoon::__private::cached::KeyParts((
                                (&&&&::festoon::__private::cached::Arg(&sku))
                                    .part()
                                    .storable(),
                            ))
                            .lookup_key()
                            .recurring(),
                        || {
                            ::festoon::__private::cached::Shared::on(
                                    ::festoon::__private::cached::Redis::new("redis://cache")
                                        .timeout(::core::time::Duration::new(0u64, 200000000u32)),
                                )
                                .package(
                                    ::core::option_env!("CARGO_PKG_NAME"),
                                    ::core::option_env!("CARGO_PKG_VERSION_MAJOR"),
                                    ::core::option_env!("CARGO_MANIFEST_DIR"),
                                )
                                .version(3)
                        },
                    )
                };
                match found {
                    ::festoon::__private::cached::FoundRemote::Hit(value) => {
                        ::festoon::__private::Start::Has(value)
                    }
                    ::festoon::__private::cached::FoundRemote::Miss(miss) => {
                        ::festoon::__private::Start::Runs(
                            miss
                                .run_remote_async(
                                    ::festoon::__private::cached::fail,
                                    async move {
                                        if false {
                                            return ::festoon::__private::absurd::<
                                                Result<Price, Error>,
                                            >();
                                        }
                                        {
                                            ask(sku).await
                                        }
                                    },
                                ),
                        )
                    }
                }
            })
            .await
    }
}
fn square(n: u64) -> u64 {
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
                        .max(100)
                        .memory_ttl(::core::time::Duration::new(10u64, 0u32)),
                    ::festoon::__private::Place::new(
                        ::core::file!(),
                        ::core::line!(),
                        ::core::column!(),
                        ::core::option_env!("CARGO_PKG_VERSION"),
                    ),
                );
                let instance = || ();
                ::festoon::__private::cached::look_up_remote(
                    &FESTOON_SITE,
                    ::festoon::__private::cached::Id::of(&instance),
                    ::festoon::__private::cached::Rules::of(
                        (&&&&&::festoon::__private::cached::Returned::<u64>::NEW)
                            .policy()
                            .storable_values(),
                    ),
                    ::festoon::__private::cached::Bounded(
                        ::festoon::__private::cached::FixedExpiry,
                    ),
                    ::festoon::__private::cached::KeyParts((
                            (&&&&::festoon::__private::cached::Arg(&n))
                                .part()
                                .storable(),
                        ))
                        .lookup_key(),
                    || {
                        ::festoon::__private::cached::Shared::on(
                                ::festoon::__private::cached::Redis::from_env(),
                            )
                            .package(
                                ::core::option_env!("CARGO_PKG_NAME"),
                                ::core::option_env!("CARGO_PKG_VERSION_MAJOR"),
                                ::core::option_env!("CARGO_MANIFEST_DIR"),
                            )
                            .behind_memory()
                    },
                )
            };
            match found {
                ::festoon::__private::cached::FoundRemote::Hit(value) => value,
                ::festoon::__private::cached::FoundRemote::Miss(miss) => {
                    miss.run_remote(
                        ::festoon::__private::cached::open,
                        move || -> u64 {
                            {
                                n * n
                            }
                        },
                    )
                }
            }
        }
    }
}
fn words(text: &str) -> usize {
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
                ::festoon::__private::cached::look_up_remote(
                    &FESTOON_SITE,
                    ::festoon::__private::cached::Id::of(&instance),
                    ::festoon::__private::cached::Rules::of(
                        (&&&&&::festoon::__private::cached::Returned::<usize>::NEW)
                            .policy()
                            .storable_values(),
                    ),
                    ::festoon::__private::cached::Null,
                    ::festoon::__private::cached::KeyParts((
                            (&&&&::festoon::__private::cached::Arg(&text))
                                .part()
                                .storable(),
                        ))
                        .lookup_key(),
                    || {
                        ::festoon::__private::cached::Shared::on(
                                ::festoon::__private::cached::Disk::new("words.redb")
                                    .max_size(67108864),
                            )
                            .package(
                                ::core::option_env!("CARGO_PKG_NAME"),
                                ::core::option_env!("CARGO_PKG_VERSION_MAJOR"),
                                ::core::option_env!("CARGO_MANIFEST_DIR"),
                            )
                    },
                )
            };
            match found {
                ::festoon::__private::cached::FoundRemote::Hit(value) => value,
                ::festoon::__private::cached::FoundRemote::Miss(miss) => {
                    miss.run_remote(
                        ::festoon::__private::cached::open,
                        move || -> usize {
                            {
                                text.split(' ').count()
                            }
                        },
                    )
                }
            }
        }
    }
}
fn word(n: u64) -> String {
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
                ::festoon::__private::cached::look_up_remote(
                    &FESTOON_SITE,
                    ::festoon::__private::cached::Id::of(&instance),
                    ::festoon::__private::cached::Rules::of(
                        (&&&&&::festoon::__private::cached::Returned::<String>::NEW)
                            .policy()
                            .storable_values(),
                    ),
                    ::festoon::__private::cached::Null,
                    ::festoon::__private::cached::KeyParts((
                            (&&&&::festoon::__private::cached::Arg(&n))
                                .part()
                                .storable(),
                        ))
                        .lookup_key(),
                    || {
                        ::festoon::__private::cached::Shared::on(ours())
                            .package(
                                ::core::option_env!("CARGO_PKG_NAME"),
                                ::core::option_env!("CARGO_PKG_VERSION_MAJOR"),
                                ::core::option_env!("CARGO_MANIFEST_DIR"),
                            )
                    },
                )
            };
            match found {
                ::festoon::__private::cached::FoundRemote::Hit(value) => value,
                ::festoon::__private::cached::FoundRemote::Miss(miss) => {
                    miss.run_remote(
                        ::festoon::__private::cached::open,
                        move || -> String {
                            {
                                n.to_string()
                            }
                        },
                    )
                }
            }
        }
    }
}
