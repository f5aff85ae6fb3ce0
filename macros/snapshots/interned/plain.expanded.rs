fn label(id: u32) -> Interned<str> {
    {
        let value = ::festoon::__private::once(move || -> _ {
            {
                format!("label {id}")
            }
        })();
        ::festoon::__private::interned::interner::<Interned<str>, _>()(value)
    }
}
async fn fetch(url: &str) -> std::io::Result<Interned<[u8]>> {
    {
        ::festoon::__private::then(
                async move {
                    if false {
                        return ::festoon::__private::absurd::<std::io::Result<_>>();
                    }
                    {
                        get(url).await
                    }
                },
                ::festoon::__private::interned::interner::<
                    std::io::Result<Interned<[u8]>>,
                    _,
                >(),
            )
            .await
    }
}
fn by_alias(text: &str) -> Label {
    {
        let value = ::festoon::__private::once(move || -> _ {
            {
                text
            }
        })();
        ::festoon::__private::interned::interner::<Label, _>()(value)
    }
}
