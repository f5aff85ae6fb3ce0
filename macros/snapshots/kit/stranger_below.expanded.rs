#[inline]
#[must_use]
fn f() -> u8 {
    {
        {
            fn festoon_inside() {}
            ::festoon::__private::declare!(
                ::festoon::__private::Declared::new(& festoon_inside, & ["timed"],
                ::festoon::__private::Place::new(::core::file!(), ::core::line!(),
                ::core::column!(), ::core::option_env!("CARGO_PKG_VERSION"),),)
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
        {
            1
        }
    }
}
