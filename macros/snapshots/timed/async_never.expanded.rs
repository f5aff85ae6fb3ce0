async fn serve() -> ! {
    {
        ::festoon::__private::timed::poll(
                {
                    static FESTOON_SITE: ::festoon::__private::timed::Site = ::festoon::__private::timed::Site::PLAIN;
                    &FESTOON_SITE
                },
                ::core::any::type_name_of_val(&|| ()),
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
