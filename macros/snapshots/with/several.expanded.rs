fn with() {
    {
        #[allow(unused_imports)]
        use my::festoon::__private::with::by_type::*;
        let returns0 = my::festoon::__private::with::Returns::<Result<u8, E>>::new();
        if false {
            if false {
                return returns0.absurd();
            }
            returns0.absurd().known();
        }
        #[allow(unreachable_patterns, unreachable_code)]
        let active = match my::festoon::__private::with::Awaiting(pool.get())
            .enter()
            .await
        {
            ::core::result::Result::Ok(active) => active,
            ::core::result::Result::Err(error) => {
                return my::festoon::__private::with::Failing(returns0, error).returned();
            }
        };
        let mut held = my::festoon::__private::with::hold_async(
            active,
            returns0.error(),
        );
        #[allow(unreachable_code, clippy::diverging_sub_expression)]
        let mut flow = 'festoon_with0: {
            let c = &mut *held;
            returns0
                .value({
                    {
                        #[allow(unused_imports)]
                        use my::festoon::__private::with::by_type::*;
                        let returns1 = my::festoon::__private::with::Returns::<
                            Result<u8, E>,
                        >::new();
                        if false {
                            if false {
                                break 'festoon_with0 my::festoon::__private::with::Flow::Return(
                                    returns0.of(returns1.absurd()),
                                );
                            }
                            returns1.absurd().known();
                        }
                        #[allow(unreachable_patterns, unreachable_code)]
                        let active = match my::festoon::__private::with::Entering(
                                nullcontext(1),
                            )
                            .enter()
                        {
                            ::core::result::Result::Ok(active) => active,
                            ::core::result::Result::Err(error) => {
                                break 'festoon_with0 my::festoon::__private::with::Flow::Return(
                                    returns0
                                        .of(
                                            my::festoon::__private::with::Failing(returns1, error)
                                                .returned(),
                                        ),
                                );
                            }
                        };
                        let held = my::festoon::__private::with::hold_in_future(
                            active,
                            returns1.error(),
                        );
                        #[allow(unreachable_code, clippy::diverging_sub_expression)]
                        let mut flow = 'festoon_with1: {
                            returns1
                                .value({
                                    match my::festoon::__private::with::Branch::branch(
                                        c.ask().await,
                                    ) {
                                        ::core::ops::ControlFlow::Continue(value) => value,
                                        ::core::ops::ControlFlow::Break(residual) => {
                                            break 'festoon_with1 my::festoon::__private::with::Flow::Return(
                                                returns1.residual(residual),
                                            );
                                        }
                                    }
                                })
                        };
                        let error = match &mut flow {
                            my::festoon::__private::with::Flow::Return(value) => {
                                my::festoon::__private::with::Returned(value).error()
                            }
                            _ => ::core::option::Option::None,
                        };
                        #[allow(unreachable_patterns, unreachable_code)]
                        match my::festoon::__private::with::exit(held, error) {
                            ::core::result::Result::Ok(true) => 7,
                            ::core::result::Result::Ok(_) => {
                                match flow {
                                    my::festoon::__private::with::Flow::Value(value) => value,
                                    my::festoon::__private::with::Flow::Return(value) => {
                                        break 'festoon_with0 my::festoon::__private::with::Flow::Return(
                                            returns0.of(value),
                                        );
                                    }
                                    my::festoon::__private::with::Flow::Jump(_) => {
                                        my::festoon::__private::with::no_jump()
                                    }
                                }
                            }
                            ::core::result::Result::Err(error) => {
                                break 'festoon_with0 my::festoon::__private::with::Flow::Return(
                                    returns0
                                        .of(
                                            my::festoon::__private::with::Failing(returns1, error)
                                                .returned(),
                                        ),
                                );
                            }
                        }
                    }
                })
        };
        let error = match &mut flow {
            my::festoon::__private::with::Flow::Return(value) => {
                my::festoon::__private::with::Returned(value).error()
            }
            _ => ::core::option::Option::None,
        };
        #[allow(unreachable_patterns, unreachable_code)]
        match my::festoon::__private::with::exit_async(held, error).await {
            ::core::result::Result::Ok(true) => 7,
            ::core::result::Result::Ok(_) => {
                match flow {
                    my::festoon::__private::with::Flow::Value(value) => value,
                    my::festoon::__private::with::Flow::Return(value) => return value,
                    my::festoon::__private::with::Flow::Jump(_) => {
                        my::festoon::__private::with::no_jump()
                    }
                }
            }
            ::core::result::Result::Err(error) => {
                return my::festoon::__private::with::Failing(returns0, error).returned();
            }
        }
    }
}
