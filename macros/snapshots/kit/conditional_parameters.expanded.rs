fn both(mut fd: u32, #[allow(unused)] b: Option<u8>) -> Option<u8> {
    {
        {
            fn festoon_inside() {}
            ::festoon::__private::declare!(
                ::festoon::__private::Declared::new(& festoon_inside, & ["timed",
                "retry"], (::core::file!(), ::core::line!(), ::core::column!()),)
            );
        }
        let mut call = ::festoon::__private::timed::Call::unmeasured();
        let timer = call
            .start(
                {
                    static FESTOON_SITE: ::festoon::__private::timed::Site = ::festoon::__private::timed::Site::PLAIN;
                    &FESTOON_SITE
                },
                ::core::any::type_name_of_val(&|| ()),
            );
        #[allow(unused_imports)]
        use ::festoon::__private::retry::NotCopied as _;
        let saved0 = ::festoon::__private::retry::Probe(&fd).saved();
        let mut retry = ::festoon::__private::retry::start(
            || {
                static FESTOON_SITE: ::festoon::__private::retry::Site = ::festoon::__private::retry::Site::new(
                    ::festoon::__private::retry::Policy::new(
                        ::festoon::__private::retry::Policy::ATTEMPTS,
                        ::festoon::__private::retry::Wait::STANDARD,
                    ),
                );
                ::std::thread_local! {
                    static FESTOON_SLOT : ::festoon::__private::retry::Slot = const {
                    ::festoon::__private::retry::Slot::new(::core::option::Option::None)
                    };
                }
                (&FESTOON_SITE, &FESTOON_SLOT)
            },
            ::festoon::__private::retry::Known,
        );
        loop {
            {
                let result = ::festoon::__private::retry::call(|| -> Option<u8> {
                    {
                        b
                    }
                });
                let verdict = ::festoon::__private::retry::judge(&result);
                if retry.is_good(verdict) {
                    break result;
                }
                let failure = result;
                if retry
                    .is_over(
                        &failure,
                        verdict,
                        |failure| {
                            #[allow(unused_imports)]
                            use ::festoon::__private::retry::{
                                Debugged as _, Wordless as _,
                            };
                            (&::festoon::__private::retry::Probe(failure)).text()
                        },
                    )
                {
                    break failure;
                }
            }
            saved0.restore(&mut fd);
            retry.sleep();
        }
    }
}
