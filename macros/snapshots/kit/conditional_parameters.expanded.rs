/// Retried: at most 3 attempts, with waits of `exponential(100ms, max = 5s)`.
fn both(mut fd: u32, #[allow(unused)] b: Option<u8>) -> Option<u8> {
    {
        {
            fn festoon_inside() {}
            ::festoon::__private::declare!(
                ::festoon::__private::Declared::new(& festoon_inside, & ["timed",
                "retry"], ::festoon::__private::Place::new(::core::file!(),
                ::core::line!(), ::core::column!(),
                ::core::option_env!("CARGO_PKG_VERSION"),),)
            );
        }
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
        let saved0 = {
            #[diagnostic::on_unimplemented(
                message = "`fd` would keep the changes of a failed attempt; write `clone(fd)`",
                label = "the next attempt would continue with this value; with `clone(fd)` each has its own",
                note = "write `keep(fd)` if the attempts are meant to share it"
            )]
            trait FestoonSaves {
                fn saved(&self) -> Self;
            }
            #[diagnostic::do_not_recommend]
            impl<T: ::core::marker::Copy> FestoonSaves for T {
                fn saved(&self) -> Self {
                    *self
                }
            }
            FestoonSaves::saved(&fd)
        };
        let mut retry = ::festoon::__private::retry::start(
            || {
                static FESTOON_SITE: ::festoon::__private::retry::RetrySite = ::festoon::__private::retry::RetrySite::new(
                    ::festoon::__private::retry::Policy::new(
                        ::festoon::__private::retry::Policy::ATTEMPTS,
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
        );
        loop {
            {
                let again = {
                    #[diagnostic::on_unimplemented(
                        message = "`b` is moved by the first attempt; write `clone(b)`",
                        label = "the next attempt needs it again"
                    )]
                    trait FestoonAgain {}
                    #[diagnostic::do_not_recommend]
                    impl<F: ::core::ops::FnMut() -> R, R> FestoonAgain for F {}
                    #[inline]
                    fn festoon_again<F: FestoonAgain>(attempt: F) -> F {
                        attempt
                    }
                    festoon_again
                };
                let result = retry
                    .call(
                        again(|| -> Option<u8> {
                            {
                                b
                            }
                        }),
                        |of| {
                            #[allow(unused_imports)]
                            use ::festoon::__private::retry::by_type::*;
                            of.fault()
                        },
                    );
                let verdict = {
                    #[allow(unused_imports)]
                    use ::festoon::__private::retry::by_type::*;
                    ::festoon::__private::retry::Of::value(&result).judge()(&result)
                };
                if retry.is_good(verdict) {
                    break result;
                }
                let mut failure = result;
                if retry
                    .is_over(
                        verdict,
                        {
                            #[allow(unused_imports)]
                            use ::festoon::__private::retry::by_type::*;
                            (&&::festoon::__private::retry::Of::value(&failure)).text()
                        },
                        &mut failure,
                    )
                {
                    break failure;
                }
            }
            fd = saved0;
            retry.sleep();
        }
    }
}
