fn parse(name: &str, text: &str) -> Result<u32, ParseIntError> {
    {
        #[allow(unused_imports)]
        use ::festoon::__private::with::by_type::*;
        let returns = ::festoon::__private::with::Returns::<
            Result<u32, ParseIntError>,
        >::new();
        #[allow(unreachable_patterns, unreachable_code)]
        let active = match ::festoon::__private::with::Entering(lock(name)).enter() {
            ::core::result::Result::Ok(active) => active,
            ::core::result::Result::Err(error) => {
                return ::festoon::__private::with::Failing(returns, error).returned();
            }
        };
        let held = ::festoon::__private::with::hold(active, returns.error());
        let mut value = ::festoon::__private::once(move || -> Result<u32, ParseIntError> {
            {
                text.parse()
            }
        })();
        let error = ::festoon::__private::with::Returned(&mut value).error();
        #[allow(unreachable_patterns, unreachable_code)]
        match ::festoon::__private::with::exit_passing(held, error) {
            ::core::result::Result::Ok(_) => value,
            ::core::result::Result::Err(error) => {
                ::festoon::__private::with::Failing(returns, error).returned()
            }
        }
    }
}
async fn ask() -> u8 {
    {
        #[allow(unused_imports)]
        use ::festoon::__private::with::by_type::*;
        let returns = ::festoon::__private::with::Returns::<u8>::new();
        #[allow(unreachable_patterns, unreachable_code)]
        let active = match ::festoon::__private::with::Awaiting(pool.get()).enter().await
        {
            ::core::result::Result::Ok(active) => active,
            ::core::result::Result::Err(error) => {
                return ::festoon::__private::with::Failing(returns, error).returned();
            }
        };
        let held = ::festoon::__private::with::hold_async(
            active,
            ::festoon::__private::with::no_error(),
        );
        let mut value = async move {
            if false {
                return ::festoon::__private::absurd::<u8>();
            }
            {
                1
            }
        }
            .await;
        let error = ::core::option::Option::None;
        #[allow(unreachable_patterns, unreachable_code)]
        match ::festoon::__private::with::exit_async_passing(held, error).await {
            ::core::result::Result::Ok(_) => value,
            ::core::result::Result::Err(error) => {
                ::festoon::__private::with::Failing(returns, error).returned()
            }
        }
    }
}
