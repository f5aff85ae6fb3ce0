async fn greet(name: String) -> String {
    {
        {
            fn festoon_inside() {}
            ::festoon::__private::declare!(
                ::festoon::__private::Declared::new(& festoon_inside, & ["timed"],
                ::festoon::__private::Place::new(::core::file!(), ::core::line!(),
                ::core::column!(), ::core::option_env!("CARGO_PKG_VERSION"),),)
            );
        }
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
                        return ::festoon::__private::absurd::<String>();
                    }
                    let _ = (&name,);
                    ::festoon::__private::offload::run::<
                        String,
                    >(
                            ::festoon::__private::offload::DefaultPool,
                            move || -> String {
                                let _ = (&name,);
                                shout(
                                    move |#[allow(clippy::restriction)] name: String| -> String {
                                        {
                                            name
                                        }
                                    },
                                    name,
                                )
                            },
                        )
                        .await
                },
                ::festoon::__private::success,
            )
            .await
    }
}
