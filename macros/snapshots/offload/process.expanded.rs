async fn double(n: u32, argument1: (u8, u8)) -> Result<u32, WorkerError> {
    {
        const FESTOON_ARGUMENTS: (
            ::festoon::__private::process::Codec<u32>,
            ::festoon::__private::process::Codec<(u8, u8)>,
        ) = (
            ::festoon::__private::process::argument::<u32>(),
            ::festoon::__private::process::argument::<(u8, u8)>(),
        );
        const FESTOON_OUTCOME: ::festoon::__private::process::Outcome<
            Result<u32, WorkerError>,
        > = ::festoon::__private::process::outcome::<Result<u32, WorkerError>>();
        static FESTOON_POOL: ::festoon::__private::process::Pool = ::festoon::__private::process::Pool::new(
            ::festoon::__private::process::Settings::NONE.memory(536870912),
        );
        static FESTOON_ENTRY: ::festoon::__private::process::Entry = ::festoon::__private::process::Entry::new(
            ::core::concat!(::core::module_path!(), "::", "double"),
            |bytes| ::festoon::__private::process::serve(
                bytes,
                &FESTOON_ARGUMENTS,
                &FESTOON_OUTCOME,
                |
                    #[allow(clippy::restriction)]
                    mut n: u32,
                    #[allow(clippy::restriction)]
                    (a, _): (u8, u8),
                | -> Result<u32, WorkerError> {
                    {
                        n += u32::from(a);
                        Ok(n * 2)
                    }
                },
            ),
        );
        ::festoon::__private::process::submit! {
            ::festoon::__private::process::Listed(& FESTOON_ENTRY)
        }
        let request = ::festoon::__private::process::encode(
            &FESTOON_ENTRY,
            &FESTOON_ARGUMENTS,
            (&n, &argument1),
        );
        ::festoon::__private::process::call(
                &FESTOON_POOL,
                &FESTOON_ENTRY,
                FESTOON_OUTCOME,
                ::core::option::Option::Some(::core::time::Duration::new(2u64, 0u32)),
                request,
            )
            .await
    }
}
