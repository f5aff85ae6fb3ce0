fn with() {
    {
        #[allow(unused_imports)]
        use ::festoon::__private::with::by_type::*;
        let returns0 = ::festoon::__private::with::Returns::new();
        if false {
            if false {
                return returns0.absurd();
            }
            returns0.absurd().known();
        }
        let mut jump0_0 = ::core::option::Option::None;
        #[allow(unreachable_patterns, unreachable_code)]
        let active = match ::festoon::__private::with::Entering(db.begin()).enter() {
            ::core::result::Result::Ok(active) => active,
            ::core::result::Result::Err(error) => {
                return ::festoon::__private::with::Failing(returns0, error).returned();
            }
        };
        let mut held = ::festoon::__private::with::hold(active, returns0.error());
        #[allow(unreachable_code, clippy::diverging_sub_expression)]
        let mut flow = 'festoon_with0: {
            let tx = &mut *held;
            returns0
                .value({
                    if stop {
                        {
                            jump0_0 = ::core::option::Option::Some(3);
                            break 'festoon_with0 ::festoon::__private::with::Flow::Jump(
                                0usize,
                            );
                        };
                    }
                    if again {
                        break 'festoon_with0 ::festoon::__private::with::Flow::Jump(
                            1usize,
                        );
                    }
                    let list = vec![
                        match ::festoon::__private::with::Branch::branch(f()) {
                        ::core::ops::ControlFlow::Continue(value) => value,
                        ::core::ops::ControlFlow::Break(residual) => break
                        'festoon_with0::festoon::__private::with::Flow::Return(returns0
                        .residual(residual)), }, 2
                    ];
                    for n in list {
                        if n == 0 {
                            break;
                        }
                    }
                    break 'festoon_with0 ::festoon::__private::with::Flow::Return(
                        returns0.of(tx.rows),
                    );
                })
        };
        let error = match &mut flow {
            ::festoon::__private::with::Flow::Return(value) => {
                ::festoon::__private::with::Returned(value).error()
            }
            _ => ::core::option::Option::None,
        };
        #[allow(unreachable_patterns, unreachable_code)]
        match ::festoon::__private::with::exit_passing(held, error) {
            ::core::result::Result::Ok(_) => {
                match flow {
                    ::festoon::__private::with::Flow::Value(value) => value,
                    ::festoon::__private::with::Flow::Return(value) => return value,
                    ::festoon::__private::with::Flow::Jump(0usize) => {
                        break 'outer jump0_0
                            .unwrap_or_else(::festoon::__private::with::no_jump);
                    }
                    ::festoon::__private::with::Flow::Jump(1usize) => continue,
                    ::festoon::__private::with::Flow::Jump(_) => {
                        ::festoon::__private::with::no_jump()
                    }
                }
            }
            ::core::result::Result::Err(error) => {
                return ::festoon::__private::with::Failing(returns0, error).returned();
            }
        }
    }
}
