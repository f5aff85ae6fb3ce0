/// Retried: at most 2 attempts, with waits of `exponential(100ms, max = 5s)`.
fn port(text: &str) -> Option<u16> {
    {
        {
            fn festoon_inside() {}
            ::festoon::__private::declare!(
                ::festoon::__private::Declared::new(& festoon_inside, & ["retry"],
                ::festoon::__private::Place::new(::core::file!(), ::core::line!(),
                ::core::column!(), ::core::option_env!("CARGO_PKG_VERSION"),),)
            );
        }
        {
            #[deprecated(
                note = "`#[retry]` is above `#[fallback]`, so it never sees a failure and never retries: write `#[fallback]` first, and `#[retry]` below it"
            )]
            #[allow(non_upper_case_globals, clippy::restriction)]
            const this_order_defeats_itself: () = ();
            this_order_defeats_itself
        }
        ::festoon::__private::retry::run(
            || {
                static FESTOON_SITE: ::festoon::__private::retry::RetrySite = ::festoon::__private::retry::RetrySite::new(
                    ::festoon::__private::retry::Policy::new(
                        2,
                        ::festoon::__private::retry::Wait::STANDARD,
                    ),
                    ::festoon::__private::Place::new(
                        ::core::file!(),
                        ::core::line!(),
                        ::core::column!(),
                        ::core::option_env!("CARGO_PKG_VERSION"),
                    ),
                );
                &FESTOON_SITE
            },
            ::festoon::__private::retry::Known,
            || -> Option<u16> {
                let result = ::festoon::__private::once(|| -> Option<u16> {
                    {
                        text.parse().ok()
                    }
                })();
                let parts = ::festoon::__private::fallback::parts::<Option<u16>, _, _>();
                match (parts.split)(result) {
                    ::core::result::Result::Ok(value) => (parts.good)(value),
                    ::core::result::Result::Err(failure) => {
                        ::festoon::__private::fallback::used(
                            ::core::any::type_name_of_val(&|| ()),
                        );
                        ::festoon::__private::fallback::with(failure, ::core::mem::drop);
                        (parts.good)(80)
                    }
                }
            },
            |of| {
                #[allow(unused_imports)]
                use ::festoon::__private::retry::by_type::*;
                (
                    of.judge(),
                    ::festoon::__private::retry::Kind {
                        text: (&&of).text(),
                        fault: of.fault(),
                    },
                )
            },
        )
    }
}
