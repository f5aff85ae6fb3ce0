async fn greet(name: String) -> String {
    {
        ::festoon::__private::timed::poll(
                {
                    static FESTOON_SITE: ::festoon::__private::timed::Site = ::festoon::__private::timed::Site::new(
                        ::festoon::__private::timed::Settings::NONE,
                    );
                    &FESTOON_SITE
                },
                || (),
                async move {
                    if false {
                        return ::festoon::__private::absurd::<String>();
                    }
                    ::festoon::__private::offload::run::<
                        String,
                    >(
                            ::festoon::__private::offload::DefaultPool,
                            move || -> String {
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
