fn price(&self, sku: &str, order: &Order, causes: &[Id]) -> Result<u32, Error> {
    {
        {
            fn festoon_inside() {}
            ::festoon::__private::declare!(
                ::festoon::__private::Declared::new(& festoon_inside, & ["timed"],
                ::festoon::__private::Place::new(::core::file!(), ::core::line!(),
                ::core::column!(), ::core::option_env!("CARGO_PKG_VERSION"),),)
            );
        }
        let span = {
            #[allow(unused_imports)]
            use ::festoon::__private::timed::NotPlain as _;
            let span = ::festoon::__private::tracing::span!(
                target : ::core::module_path!(), parent : & self.span,
                ::festoon::__private::tracing::Level::DEBUG, "price", "sku" =
                ::festoon::__private::timed::Plain(& (sku)).recorded(), "total" =
                ::festoon::__private::timed::Plain(& (order.total())).recorded(), "order"
                = ::festoon::__private::tracing::field::display(&& (order) as & dyn
                ::core::fmt::Display), "order.id" =
                ::festoon::__private::tracing::field::debug(&& (order.id) as & dyn
                ::core::fmt::Debug), "outcome" =
                ::festoon::__private::tracing::field::Empty
            );
            if !span.is_disabled() {
                ::festoon::__private::timed::follow(&span, causes);
            }
            span
        }
            .entered();
        let _end = ::festoon::__private::timed::End::of(&span);
        let mut call = ::festoon::__private::timed::Call::that_returns();
        let timer = call
            .start(
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
            );
        let value = ::festoon::__private::once(move || -> Result<u32, Error> {
            {
                find(sku)
            }
        })();
        timer
            .ended(
                &value,
                |value: &Result<u32, Error>| {
                    #[allow(unused_imports)]
                    use ::festoon::__private::Infallible as _;
                    ::festoon::__private::Probe(value).kind()
                },
            );
        _end.returned();
        ::festoon::__private::timed::tell(
            &span,
            &value,
            |span: &::festoon::__private::tracing::Span, value: &Result<u32, Error>| {
                let _ = (span, value);
                ::festoon::__private::timed::record_outcome(
                    span,
                    value,
                    |value: &Result<u32, Error>| {
                        #[allow(unused_imports)]
                        use ::festoon::__private::Infallible as _;
                        ::festoon::__private::Probe(value).kind()
                    },
                );
                #[allow(unused_imports)]
                use ::festoon::__private::timed::NoResult as _;
                match ::festoon::__private::timed::Returned(value).by_reference() {
                    ::core::result::Result::Ok(value) => {
                        ::festoon::__private::tracing::event!(
                            target : ::core::module_path!(),
                            ::festoon::__private::tracing::Level::DEBUG, "return" =
                            ::festoon::__private::tracing::field::display(value as & dyn
                            ::core::fmt::Display)
                        );
                    }
                    ::core::result::Result::Err(error) => {
                        ::festoon::__private::tracing::event!(
                            target : ::core::module_path!(),
                            ::festoon::__private::tracing::Level::ERROR, "error" =
                            ::festoon::__private::tracing::field::display(error as & dyn
                            ::core::fmt::Display)
                        );
                    }
                }
            },
        );
        value
    }
}
fn add(a: u32, b: u32) -> u32 {
    {
        {
            fn festoon_inside() {}
            ::festoon::__private::declare!(
                ::festoon::__private::Declared::new(& festoon_inside, & ["timed"],
                ::festoon::__private::Place::new(::core::file!(), ::core::line!(),
                ::core::column!(), ::core::option_env!("CARGO_PKG_VERSION"),),)
            );
        }
        let span = ::festoon::__private::tracing::span!(
            target : ::core::module_path!(), ::festoon::__private::tracing::Level::INFO,
            "add", "outcome" = ::festoon::__private::tracing::field::Empty
        )
            .entered();
        let _end = ::festoon::__private::timed::End::of(&span);
        let mut call = ::festoon::__private::timed::Call::unmeasured();
        let timer = call
            .start(
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
            );
        {
            a + b
        }
    }
}
async fn load(sku: String) -> Result<u32, Error> {
    {
        {
            fn festoon_inside() {}
            ::festoon::__private::declare!(
                ::festoon::__private::Declared::new(& festoon_inside, & ["timed"],
                ::festoon::__private::Place::new(::core::file!(), ::core::line!(),
                ::core::column!(), ::core::option_env!("CARGO_PKG_VERSION"),),)
            );
        }
        ::festoon::__private::timed::spanned_to_end(
                ::festoon::__private::tracing::span!(
                    target : ::core::module_path!(),
                    ::festoon::__private::tracing::Level::INFO, "load"
                ),
                false,
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
                            return ::festoon::__private::absurd::<Result<u32, Error>>();
                        }
                        let _ = (&sku,);
                        {
                            find(&sku).await
                        }
                    },
                    |value: &Result<u32, Error>| {
                        #[allow(unused_imports)]
                        use ::festoon::__private::Infallible as _;
                        ::festoon::__private::Probe(value).kind()
                    },
                ),
                |span: &::festoon::__private::tracing::Span, value: &Result<u32, Error>| {
                    let _ = (span, value);
                    #[allow(unused_imports)]
                    use ::festoon::__private::timed::NoResult as _;
                    match ::festoon::__private::timed::Returned(value).by_reference() {
                        ::core::result::Result::Ok(value) => {
                            ::festoon::__private::tracing::event!(
                                target : ::core::module_path!(),
                                ::festoon::__private::tracing::Level::INFO, "return" =
                                ::festoon::__private::tracing::field::debug(value as & dyn
                                ::core::fmt::Debug)
                            );
                        }
                        ::core::result::Result::Err(error) => {
                            ::festoon::__private::tracing::event!(
                                target : ::core::module_path!(),
                                ::festoon::__private::tracing::Level::WARN, "error" =
                                ::festoon::__private::tracing::field::debug(error as & dyn
                                ::core::fmt::Debug)
                            );
                        }
                    }
                },
            )
            .await
    }
}
