async fn serve() -> ! {
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
                    {
                        loop {
                            accept().await;
                        }
                    }
                },
                ::festoon::__private::success,
            )
            .await
    }
}
