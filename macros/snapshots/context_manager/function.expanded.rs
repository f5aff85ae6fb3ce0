/// Docs.
pub fn logged<'a>(
    log: &'a Log,
    name: String,
    argument2: (u8, u8),
    #[cfg(unix)]
    fd: u8,
) -> ::festoon::__private::generator::Generator<
    ::festoon::__private::generator::ByMut<String>,
    ::festoon::__private::generator::ToldKind,
    impl ::festoon::__private::generator::Start<
        ::festoon::__private::generator::ByMut<String>,
        ::festoon::__private::generator::ToldKind,
        Future = impl ::core::future::Future<
            Output = ::festoon::__private::generator::Done<()>,
        >,
    >,
> {
    ::festoon::__private::generator::Generator::<
        ::festoon::__private::generator::ByMut<String>,
        ::festoon::__private::generator::ToldKind,
        _,
    >::new(move |
        yielder: ::festoon::__private::generator::Yielder<
            ::festoon::__private::generator::ByMut<String>,
            ::festoon::__private::generator::ToldKind,
        >|
    async move {
        if false {
            let _ = ::core::marker::PhantomData::<Yields<&mut String>>;
            return ::festoon::__private::absurd::<
                ::festoon::__private::generator::Done<()>,
            >();
        }
        #[allow(clippy::shadow_same)]
        let log = log;
        #[allow(clippy::shadow_same)]
        let mut name = name;
        #[allow(clippy::shadow_same)]
        let argument2 = argument2;
        #[allow(clippy::shadow_same)]
        let (a, _) = argument2;
        #[cfg(unix)]
        #[allow(clippy::shadow_same)]
        let fd = fd;
        #[allow(unused_mut)]
        let mut told: ::festoon::__private::generator::ToldKind;
        ::festoon::__private::generator::done::<
            (),
            _,
        >(
            {
                log.enter(&name);
                let how = yield_!(@ festoon told = yielder.yielded(& mut name));
                log.exit(&name, how);
            },
            told,
        )
    })
}
impl Pool {
    fn lease(
        &self,
        key: &str,
    ) -> ::festoon::__private::generator::AsyncGenerator<
        ::festoon::__private::generator::ByValue<Lease>,
        ::festoon::__private::generator::ToldOutcome<PoolError>,
        impl ::festoon::__private::generator::Start<
            ::festoon::__private::generator::ByValue<Lease>,
            ::festoon::__private::generator::ToldOutcome<PoolError>,
            Future = impl ::core::future::Future<
                Output = Result<
                    ::festoon::__private::generator::Done<
                        impl ::festoon::__private::generator::Judges<PoolError>,
                    >,
                    PoolError,
                >,
            >,
        >,
    > {
        ::festoon::__private::generator::AsyncGenerator::<
            ::festoon::__private::generator::ByValue<Lease>,
            ::festoon::__private::generator::ToldOutcome<PoolError>,
            _,
        >::new(move |
            yielder: ::festoon::__private::generator::Yielder<
                ::festoon::__private::generator::ByValue<Lease>,
                ::festoon::__private::generator::ToldOutcome<PoolError>,
            >|
        async move {
            if false {
                let _ = ::core::marker::PhantomData::<Yields<Lease>>;
                return ::festoon::__private::absurd::<
                    Result<::festoon::__private::generator::Done<_>, PoolError>,
                >();
            }
            let _ = &self;
            #[allow(clippy::shadow_same)]
            let key = key;
            #[allow(unused_mut)]
            let mut told: ::festoon::__private::generator::ToldOutcome<PoolError>;
            ::festoon::__private::generator::done::<
                Result<_, PoolError>,
                _,
            >(
                {
                    if key.is_empty() {
                        return ::festoon::__private::generator::refused(
                            Err(PoolError::NoKey),
                        );
                    }
                    match yield_!(
                        @ festoon told = yielder.yielded(self.take(key). await ?)
                    ) {
                        Outcome::Error(error) if error.is_minor() => {
                            return ::festoon::__private::generator::done::<
                                Result<_, PoolError>,
                                _,
                            >(Ok(Verdict::Swallow), told);
                        }
                        _ => self.back(key).await?,
                    }
                    Ok(Verdict::Pass)
                },
                told,
            )
        })
    }
}
