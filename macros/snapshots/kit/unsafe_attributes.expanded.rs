#[unsafe(no_mangle)]
#[allow(clippy::missing_safety_doc)]
pub unsafe extern "C" fn raw(r#type: u8) -> u8 {
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
            r#type
        }
    }
}
