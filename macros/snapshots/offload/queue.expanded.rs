async fn double(n: u32, argument1: (u8, u8)) -> Result<u32, QueueError> {
    {
        {
            fn festoon_inside() {}
            ::festoon::__private::declare!(
                ::festoon::__private::Declared::new(& festoon_inside, & ["timed"],
                ::festoon::__private::Place::new(::core::file!(), ::core::line!(),
                ::core::column!(), ::core::option_env!("CARGO_PKG_VERSION"),),)
            );
        }
        ::festoon::__private::lazy(move || {
                if ::festoon::__private::queue::is_asked() {
                    fn festoon_inside() {}
                    const FESTOON_ARGUMENTS: (
                        ::festoon::__private::queue::Codec<u32>,
                        ::festoon::__private::queue::Codec<(u8, u8)>,
                    ) = (
                        ::festoon::__private::queue::argument::<u32>(),
                        ::festoon::__private::queue::argument::<(u8, u8)>(),
                    );
                    static FESTOON_SPEC: ::festoon::__private::queue::Spec = ::festoon::__private::queue::Spec::new(
                            ::core::concat!(::core::module_path!(), "::", "double"),
                            &festoon_inside,
                        )
                        .queue("mail")
                        .store(|| -> ::festoon::__private::cached::Redis {
                            ::festoon::__private::cached::Redis::new("redis://queue")
                        })
                        .result_ttl(::core::time::Duration::new(3600u64, 0u32))
                        .max_deliveries(3);
                    let request = {
                        ::festoon::__private::queue::request(
                            &FESTOON_ARGUMENTS,
                            (&n, &argument1),
                            ::core::option::Option::Some(
                                ::festoon::__private::queue::key(&(n)),
                            ),
                        )
                    };
                    ::festoon::__private::queue::answer(&FESTOON_SPEC, request);
                    return ::festoon::__private::Start::Never;
                }
                ::festoon::__private::Start::Runs(
                    ::festoon::__private::timed::poll(
                        {
                            static FESTOON_SITE: ::festoon::__private::timed::TimedSite = ::festoon::__private::timed::TimedSite::new(
                                ::festoon::__private::timed::Settings::NONE,
                                ::festoon::__private::Place::new(
                                    ::core::file!(),
                                    ::core::line!(),
                                    ::core::column!(),
                                    ::core::option_env!("CARGO_PKG_VERSION"),
                                ),
                            );
                            &FESTOON_SITE
                        },
                        ::core::any::type_name_of_val(&|| ()),
                        async move {
                            if false {
                                return ::festoon::__private::absurd::<
                                    Result<u32, QueueError>,
                                >();
                            }
                            fn festoon_inside() {}
                            const FESTOON_ARGUMENTS: (
                                ::festoon::__private::queue::Codec<u32>,
                                ::festoon::__private::queue::Codec<(u8, u8)>,
                            ) = (
                                ::festoon::__private::queue::argument::<u32>(),
                                ::festoon::__private::queue::argument::<(u8, u8)>(),
                            );
                            const FESTOON_OUTCOME: ::festoon::__private::queue::Outcome<
                                Result<u32, QueueError>,
                            > = ::festoon::__private::queue::outcome::<
                                Result<u32, QueueError>,
                            >();
                            static FESTOON_ENTRY: ::festoon::__private::queue::Entry = ::festoon::__private::queue::Entry::new(
                                ::festoon::__private::queue::Spec::new(
                                        ::core::concat!(::core::module_path!(), "::", "double"),
                                        &festoon_inside,
                                    )
                                    .queue("mail")
                                    .store(|| -> ::festoon::__private::cached::Redis {
                                        ::festoon::__private::cached::Redis::new("redis://queue")
                                    })
                                    .result_ttl(::core::time::Duration::new(3600u64, 0u32))
                                    .max_deliveries(3),
                                |bytes, left| ::festoon::__private::queue::serve_async(
                                    bytes,
                                    left,
                                    &FESTOON_ARGUMENTS,
                                    &FESTOON_OUTCOME,
                                    |
                                        #[allow(clippy::restriction)]
                                        mut n: u32,
                                        #[allow(clippy::restriction)]
                                        (a, _): (u8, u8)|
                                    async move {
                                        if false {
                                            return ::festoon::__private::absurd::<
                                                Result<u32, QueueError>,
                                            >();
                                        }
                                        {
                                            n += u32::from(a);
                                            Ok(n * 2)
                                        }
                                    },
                                ),
                            );
                            ::festoon::__private::queue::submit! {
                                ::festoon::__private::queue::Listed(& FESTOON_ENTRY)
                            }
                            ::festoon::__private::queue::call(
                                    FESTOON_ENTRY.spec(),
                                    FESTOON_OUTCOME,
                                    ::festoon::__private::queue::request(
                                        &FESTOON_ARGUMENTS,
                                        (&n, &argument1),
                                        ::core::option::Option::Some(
                                            ::festoon::__private::queue::key(&(n)),
                                        ),
                                    ),
                                )
                                .await
                        },
                        |value: &Result<u32, QueueError>| {
                            #[allow(unused_imports)]
                            use ::festoon::__private::Infallible as _;
                            ::festoon::__private::Probe(value).kind()
                        },
                    ),
                )
            })
            .await
    }
}
