fn label(id: u32) -> Option<Interned<str>> {
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
        let value = ::festoon::__private::once(move || -> Option<_> {
            louder(
                move |#[allow(clippy::restriction)] id: u32| -> Option<_> {
                    {
                        Some(format!("label {id}"))
                    }
                },
                id,
            )
        })();
        ::festoon::__private::interned::interner::<Option<Interned<str>>, _>()(value)
    }
}
fn stored(id: u32) -> Interned<str> {
    {
        let value = ::festoon::__private::once(move || -> _ {
            {
                format!("label {id}")
            }
        })();
        ::festoon::__private::interned::interner::<Interned<str>, _>()(value)
    }
}
::core::compile_error! {
    "`#[cached]` below `#[interned]` stores what the body evaluates to, whose type is not known: write `#[cached]` first, and `#[interned]` below it"
}
