/// Adds.
#[must_use]
pub fn add(a: u32, b: u32) -> u32 {
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
            a + b
        }
    }
}
