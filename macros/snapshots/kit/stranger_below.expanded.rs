#[inline]
#[must_use]
fn f() -> u8 {
    {
        let mut call = ::festoon::__private::timed::Call::unmeasured();
        let timer = call
            .start(
                {
                    static FESTOON_SITE: ::festoon::__private::timed::Site = ::festoon::__private::timed::Site::new(
                        ::festoon::__private::timed::Settings::NONE,
                    );
                    &FESTOON_SITE
                },
                || (),
            );
        {
            1
        }
    }
}
