fn save(id: u64) -> Result<u8, Error> {
    {
        let forgotten = ::festoon::__private::invalidates::when_ok([
            ::festoon::__private::invalidates::Decorated::cache(&get_user)
                .forgets::<1usize, _>((id,)),
        ]);
        let value = ::festoon::__private::once(move || -> Result<u8, Error> {
            {
                work(id)?;
                Ok(3)
            }
        })();
        forgotten
            .ended(
                &value,
                |value: &Result<u8, Error>| {
                    #[allow(unused_imports)]
                    use ::festoon::__private::Infallible as _;
                    ::festoon::__private::Probe(value).kind()
                },
            );
        value
    }
}
fn plain(id: u64) {
    {
        let forgotten = ::festoon::__private::invalidates::when_ok([
            ::festoon::__private::invalidates::Decorated::cache(&get_user)
                .forgets::<1usize, _>((id,)),
        ]);
        let value = ::festoon::__private::once(move || -> () {
            {
                work(id);
            }
        })();
        forgotten.ended(&value, ::festoon::__private::success);
        value
    }
}
