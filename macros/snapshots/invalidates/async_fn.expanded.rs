async fn save(id: u64) {
    {
        let forgotten = ::festoon::__private::invalidates::always([
            ::festoon::__private::invalidates::Decorated::cache(&get_user)
                .forgets::<1usize, _>((id,)),
        ]);
        {
            work(id).await;
        }
    }
}
async fn save_or_not(id: u64) -> io::Result<u8> {
    {
        ::festoon::__private::lazy(move || {
                let forgotten = ::festoon::__private::invalidates::when_ok([
                    ::festoon::__private::invalidates::Decorated::cache(&get_user)
                        .forgets::<1usize, _>((id,)),
                ]);
                ::festoon::__private::Start::Runs(
                    ::festoon::__private::then(
                        async move {
                            if false {
                                return ::festoon::__private::absurd::<io::Result<u8>>();
                            }
                            {
                                work(id).await
                            }
                        },
                        move |value| {
                            forgotten
                                .ended(
                                    &value,
                                    |value: &io::Result<u8>| {
                                        #[allow(unused_imports)]
                                        use ::festoon::__private::Infallible as _;
                                        ::festoon::__private::Probe(value).kind()
                                    },
                                );
                            value
                        },
                    ),
                )
            })
            .await
    }
}
