pub enum Source<'a> {
    /// A file.
    Local { file: Open<'a>, #[managed(async, skip_if = quiet)] log: Log, quiet: bool },
    Remote(#[managed(entered)] Conn, u8),
    Nothing,
}
///An entered [`Source`].
#[allow(dead_code, clippy::large_enum_variant)]
pub enum SourceActive<'a>
where
    Log: ::festoon::__private::context_manager::AsyncManager,
{
    /// A file.
    Local {
        file: <Open<'a> as ::festoon::__private::context_manager::Manager>::Active,
        log: ::core::option::Option<
            <Log as ::festoon::__private::context_manager::AsyncManager>::Active,
        >,
        quiet: bool,
    },
    Remote(Conn, u8),
    Nothing,
}
#[automatically_derived]
impl<'a> ::festoon::__private::context_manager::AsyncManager for Source<'a>
where
    Log: ::festoon::__private::context_manager::AsyncManager + ::core::marker::Send,
    <Log as ::festoon::__private::context_manager::AsyncManager>::Active: ::festoon::__private::context_manager::AsyncExit<
            io::Error,
        > + ::core::marker::Send,
    io::Error: ::core::convert::From<
        <Log as ::festoon::__private::context_manager::AsyncManager>::EnterError,
    >,
    <Log as ::festoon::__private::context_manager::AsyncManager>::EnterError: ::core::marker::Send,
    Conn: ::festoon::__private::context_manager::Exit<io::Error> + ::core::marker::Send,
{
    type Active = SourceActive<'a>;
    type EnterError = io::Error;
    async fn enter(self) -> ::core::result::Result<Self::Active, io::Error> {
        match self {
            Source::Local { file: field0, log: field1, quiet } => {
                let field0 = match <Open<
                    'a,
                > as ::festoon::__private::context_manager::Manager>::enter(field0) {
                    ::core::result::Result::Ok(active) => {
                        ::festoon::__private::context_manager::hold_in_future::<
                            _,
                            io::Error,
                        >(active)
                    }
                    ::core::result::Result::Err(error) => {
                        #[allow(unused_mut)]
                        let mut error: io::Error = ::core::convert::From::from(error);
                        let mut chain = ::festoon::__private::context_manager::Chain::new(
                            ::festoon::__private::context_manager::Outcome::Error(
                                &mut error,
                            ),
                        );
                        let verdict = chain.verdict();
                        return ::core::result::Result::Err(
                            ::festoon::__private::context_manager::rolled_back(
                                error,
                                verdict,
                            ),
                        );
                    }
                };
                let field1 = if quiet {
                    ::core::option::Option::None
                } else {
                    ::core::option::Option::Some(
                        match <Log as ::festoon::__private::context_manager::AsyncManager>::enter(
                                field1,
                            )
                            .await
                        {
                            ::core::result::Result::Ok(active) => {
                                ::festoon::__private::context_manager::hold_async::<
                                    _,
                                    io::Error,
                                >(active)
                            }
                            ::core::result::Result::Err(error) => {
                                #[allow(unused_mut)]
                                let mut error: io::Error = ::core::convert::From::from(
                                    error,
                                );
                                let mut chain = ::festoon::__private::context_manager::Chain::new(
                                    ::festoon::__private::context_manager::Outcome::Error(
                                        &mut error,
                                    ),
                                );
                                chain.exit(field0.defuse());
                                let verdict = chain.verdict();
                                return ::core::result::Result::Err(
                                    ::festoon::__private::context_manager::rolled_back(
                                        error,
                                        verdict,
                                    ),
                                );
                            }
                        },
                    )
                };
                let field0 = field0.defuse();
                let field1 = field1.map(|held| held.defuse());
                ::core::result::Result::Ok(SourceActive::Local {
                    file: field0,
                    log: field1,
                    quiet,
                })
            }
            Source::Remote { 0: field0, 1: field1 } => {
                let field0 = ::festoon::__private::context_manager::hold_in_future::<
                    _,
                    io::Error,
                >(field0);
                let field0 = field0.defuse();
                ::core::result::Result::Ok(SourceActive::Remote {
                    0: field0,
                    1: field1,
                })
            }
            Source::Nothing {} => ::core::result::Result::Ok(SourceActive::Nothing {}),
        }
    }
}
#[automatically_derived]
impl<'a> ::festoon::__private::context_manager::AsyncExit<io::Error> for SourceActive<'a>
where
    Log: ::festoon::__private::context_manager::AsyncManager + ::core::marker::Send,
    <Log as ::festoon::__private::context_manager::AsyncManager>::Active: ::festoon::__private::context_manager::AsyncExit<
            io::Error,
        > + ::core::marker::Send,
    io::Error: ::core::convert::From<
        <Log as ::festoon::__private::context_manager::AsyncManager>::EnterError,
    >,
    <Log as ::festoon::__private::context_manager::AsyncManager>::EnterError: ::core::marker::Send,
    Conn: ::festoon::__private::context_manager::Exit<io::Error> + ::core::marker::Send,
{
    const MAY_SWALLOW: bool = false
        || <<Open<
            'a,
        > as ::festoon::__private::context_manager::Manager>::Active as ::festoon::__private::context_manager::Exit<
            io::Error,
        >>::MAY_SWALLOW
        || <<Log as ::festoon::__private::context_manager::AsyncManager>::Active as ::festoon::__private::context_manager::AsyncExit<
            io::Error,
        >>::MAY_SWALLOW
        || <Conn as ::festoon::__private::context_manager::Exit<io::Error>>::MAY_SWALLOW;
    async fn exit(
        self,
        how: ::festoon::__private::context_manager::Outcome<'_, io::Error>,
    ) -> ::core::result::Result<
        ::festoon::__private::context_manager::Verdict<io::Error>,
        io::Error,
    > {
        let mut chain = ::festoon::__private::context_manager::Chain::new(how);
        match self {
            SourceActive::Local { file: field0, log: field1, quiet: _quiet } => {
                if let ::core::option::Option::Some(active) = field1 {
                    chain.exit_async(active).await;
                }
                chain.exit(field0);
            }
            SourceActive::Remote { 0: field0, 1: _field1 } => {
                chain.exit(field0);
            }
            SourceActive::Nothing {} => {}
        }
        chain.verdict()
    }
    fn cancelled(self) {
        match self {
            SourceActive::Local { file: field0, log: field1, quiet: _quiet } => {
                let _held = ::festoon::__private::context_manager::hold_in_future::<
                    _,
                    io::Error,
                >(field0);
                let _held = field1
                    .map(
                        ::festoon::__private::context_manager::hold_async::<_, io::Error>,
                    );
            }
            SourceActive::Remote { 0: field0, 1: _field1 } => {
                let _held = ::festoon::__private::context_manager::hold_in_future::<
                    _,
                    io::Error,
                >(field0);
            }
            SourceActive::Nothing {} => {}
        }
    }
}
