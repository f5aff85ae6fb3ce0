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
::core::compile_error! {
    "`#[interned]` has no option `len`: it takes no options"
}
fn text(id: u32) -> Result<Vec<String>, Error> {
    Ok(Vec::new())
}
::core::compile_error! {
    "callers get an interned value, so the signature has to say that: write `Interned<[String]>`"
}
