struct Pair(#[managed(entered)] A, #[managed(async)] B);
///An entered [`Pair`].
#[allow(dead_code, clippy::large_enum_variant)]
struct Open(
    A,
    <B as my::festoon::__private::context_manager::AsyncManager>::Active,
)
where
    B: my::festoon::__private::context_manager::AsyncManager;
#[automatically_derived]
impl my::festoon::__private::context_manager::AsyncManager for Pair
where
    A: my::festoon::__private::context_manager::Exit<io::Error> + ::core::marker::Send,
    B: my::festoon::__private::context_manager::AsyncManager + ::core::marker::Send,
    <B as my::festoon::__private::context_manager::AsyncManager>::Active: my::festoon::__private::context_manager::AsyncExit<
            io::Error,
        > + ::core::marker::Send,
    io::Error: ::core::convert::From<
        <B as my::festoon::__private::context_manager::AsyncManager>::EnterError,
    >,
    <B as my::festoon::__private::context_manager::AsyncManager>::EnterError: ::core::marker::Send,
{
    type Active = Open;
    type EnterError = io::Error;
    async fn enter(self) -> ::core::result::Result<Self::Active, io::Error> {
        match self {
            Pair { 0: field0, 1: field1 } => {
                let field0 = my::festoon::__private::context_manager::hold_in_future::<
                    _,
                    io::Error,
                >(field0);
                let field1 = match <B as my::festoon::__private::context_manager::AsyncManager>::enter(
                        field1,
                    )
                    .await
                {
                    ::core::result::Result::Ok(active) => {
                        my::festoon::__private::context_manager::hold_async::<
                            _,
                            io::Error,
                        >(active)
                    }
                    ::core::result::Result::Err(error) => {
                        #[allow(unused_mut)]
                        let mut error: io::Error = ::core::convert::From::from(error);
                        let mut chain = my::festoon::__private::context_manager::Chain::new(
                            my::festoon::__private::context_manager::Outcome::Error(
                                &mut error,
                            ),
                        );
                        chain.exit(field0.defuse());
                        let verdict = chain.verdict();
                        return ::core::result::Result::Err(
                            my::festoon::__private::context_manager::rolled_back(
                                error,
                                verdict,
                            ),
                        );
                    }
                };
                let field0 = field0.defuse();
                let field1 = field1.defuse();
                ::core::result::Result::Ok(Open { 0: field0, 1: field1 })
            }
        }
    }
}
#[automatically_derived]
impl my::festoon::__private::context_manager::AsyncExit<io::Error> for Open
where
    A: my::festoon::__private::context_manager::Exit<io::Error> + ::core::marker::Send,
    B: my::festoon::__private::context_manager::AsyncManager + ::core::marker::Send,
    <B as my::festoon::__private::context_manager::AsyncManager>::Active: my::festoon::__private::context_manager::AsyncExit<
            io::Error,
        > + ::core::marker::Send,
    io::Error: ::core::convert::From<
        <B as my::festoon::__private::context_manager::AsyncManager>::EnterError,
    >,
    <B as my::festoon::__private::context_manager::AsyncManager>::EnterError: ::core::marker::Send,
{
    const MAY_SWALLOW: bool = false
        || <A as my::festoon::__private::context_manager::Exit<io::Error>>::MAY_SWALLOW
        || <<B as my::festoon::__private::context_manager::AsyncManager>::Active as my::festoon::__private::context_manager::AsyncExit<
            io::Error,
        >>::MAY_SWALLOW;
    async fn exit(
        self,
        how: my::festoon::__private::context_manager::Outcome<'_, io::Error>,
    ) -> ::core::result::Result<
        my::festoon::__private::context_manager::Verdict<io::Error>,
        io::Error,
    > {
        let mut chain = my::festoon::__private::context_manager::Chain::new(how);
        match self {
            Open { 0: field0, 1: field1 } => {
                chain.exit_async(field1).await;
                chain.exit(field0);
            }
        }
        chain.verdict()
    }
    fn cancelled(self) {
        match self {
            Open { 0: field0, 1: field1 } => {
                let _held = my::festoon::__private::context_manager::hold_in_future::<
                    _,
                    io::Error,
                >(field0);
                let _held = my::festoon::__private::context_manager::hold_async::<
                    _,
                    io::Error,
                >(field1);
            }
        }
    }
}
