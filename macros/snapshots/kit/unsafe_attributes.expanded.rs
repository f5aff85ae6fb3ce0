#[unsafe(no_mangle)]
#[allow(clippy::missing_safety_doc)]
pub unsafe extern "C" fn raw(r#type: u8) -> u8 {
    {
        {
            fn festoon_inside() {}
            ::festoon::__private::declare!(
                ::festoon::__private::Declared::new(& festoon_inside, & ["timed"],
                (::core::file!(), ::core::line!(), ::core::column!()),)
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
        {
            r#type
        }
    }
}
