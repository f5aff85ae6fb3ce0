fn never(
    log: &Log,
) -> ::festoon::__private::generator::Generator<
    ::festoon::__private::generator::ByValue<u8>,
    ::festoon::__private::generator::ToldKind,
    impl ::festoon::__private::generator::Start<
        ::festoon::__private::generator::ByValue<u8>,
        ::festoon::__private::generator::ToldKind,
        Future = impl ::core::future::Future<
            Output = ::festoon::__private::generator::Done<()>,
        >,
    >,
> {
    ::festoon::__private::generator::Generator::<
        ::festoon::__private::generator::ByValue<u8>,
        ::festoon::__private::generator::ToldKind,
        _,
    >::new(move |
        yielder: ::festoon::__private::generator::Yielder<
            ::festoon::__private::generator::ByValue<u8>,
            ::festoon::__private::generator::ToldKind,
        >|
    async move {
        if false {
            let _ = ::core::marker::PhantomData::<Yields<u8>>;
            return ::festoon::__private::absurd::<
                ::festoon::__private::generator::Done<()>,
            >();
        }
        #[allow(clippy::shadow_same)]
        let log = log;
        #[allow(unused_mut)]
        let mut told: ::festoon::__private::generator::ToldKind;
        ::core::compile_error! {
            "it never yields, but a context manager has to yield exactly once on every path: write `yield_!(value)` where its scope runs"
        }
        ::festoon::__private::generator::done::<
            (),
            _,
        >(
            {
                log.enter();
            },
            told,
        )
    })
}
fn no_type(log: &Log) -> u8 {
    ::core::compile_error! {
        "missing type that it yields: write `-> Yields<T>`, or `-> Result<Yields<T>, E>` if it may fail"
    }
    return ::festoon::__private::absurd();
    #[allow(unreachable_code)] { yield_!(@ broken 3) };
}
fn many(
    log: &Log,
) -> ::festoon::__private::generator::Generator<
    ::festoon::__private::generator::ByValue<u8>,
    ::festoon::__private::generator::ToldKind,
    impl ::festoon::__private::generator::Start<
        ::festoon::__private::generator::ByValue<u8>,
        ::festoon::__private::generator::ToldKind,
        Future = impl ::core::future::Future<
            Output = ::festoon::__private::generator::Done<()>,
        >,
    >,
> {
    ::festoon::__private::generator::Generator::<
        ::festoon::__private::generator::ByValue<u8>,
        ::festoon::__private::generator::ToldKind,
        _,
    >::new(move |
        yielder: ::festoon::__private::generator::Yielder<
            ::festoon::__private::generator::ByValue<u8>,
            ::festoon::__private::generator::ToldKind,
        >|
    async move {
        if false {
            let _ = ::core::marker::PhantomData::<Yields<u8>>;
            return ::festoon::__private::absurd::<
                ::festoon::__private::generator::Done<()>,
            >();
        }
        #[allow(clippy::shadow_same)]
        let log = log;
        #[allow(unused_mut)]
        let mut told: ::festoon::__private::generator::ToldKind;
        ::core::compile_error! {
            "the function itself has to yield, not a closure in it"
        }
        ::core::compile_error! {
            "a sync `fn` cannot await: write `async fn`"
        }
        ::core::compile_error! {
            "this is a second yield, but a context manager has to yield exactly once on every path: the code after the yield is the exit"
        }
        ::festoon::__private::generator::done::<
            (),
            _,
        >(
            {
                if log.is_on() {
                    yield_!(
                        @ festoon told = yielder.yielded(match f() { _ =>
                        ::core::compile_error! {
                        "this context manager has no error to return: write `-> Result<Yields<T>, E>`"
                        } })
                    );
                }
                log.each(|| yield_!(@ broken 4));
                yield_!(@ festoon told = yielder.yielded(later(). await));
                return ::festoon::__private::generator::done::<(), _>((), told);
            },
            told,
        )
    })
}
