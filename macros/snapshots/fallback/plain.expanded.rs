fn port(text: &str) -> Result<u16, ParseIntError> {
    {
        let result = ::festoon::__private::once(move || -> Result<u16, ParseIntError> {
            {
                text.parse()
            }
        })();
        let parts = ::festoon::__private::fallback::parts::<
            Result<u16, ParseIntError>,
            _,
            _,
        >();
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
    }
}
async fn fetch(mut url: String) -> std::io::Result<usize> {
    {
        let result = async {
            if false {
                return ::festoon::__private::absurd::<std::io::Result<usize>>();
            }
            let _ = &mut url;
            {
                Ok(url.len())
            }
        }
            .await;
        let parts = ::festoon::__private::fallback::parts::<
            std::io::Result<usize>,
            _,
            _,
        >();
        match (parts.split)(result) {
            ::core::result::Result::Ok(value) => (parts.good)(value),
            ::core::result::Result::Err(failure) => {
                ::festoon::__private::fallback::used(
                    ::core::any::type_name_of_val(&|| ()),
                );
                (parts
                    .good)(
                    ::festoon::__private::fallback::with(
                            failure,
                            async |error| later(error, url).await,
                        )
                        .await,
                )
            }
        }
    }
}
fn same(n: u32) -> Result<u32, u32> {
    {
        let result = ::festoon::__private::once(move || -> Result<u32, u32> {
            {
                Err(n)
            }
        })();
        let parts = ::festoon::__private::fallback::parts::<Result<u32, u32>, _, _>();
        match (parts.split)(result) {
            ::core::result::Result::Ok(value) => (parts.good)(value),
            ::core::result::Result::Err(failure) => {
                ::festoon::__private::fallback::used(
                    ::core::any::type_name_of_val(&|| ()),
                );
                ::festoon::__private::fallback::with(failure, Err)
            }
        }
    }
}
