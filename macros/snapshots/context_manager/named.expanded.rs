pub struct Job<'a, T>
where
    T: Clone,
{
    /// The database.
    pub db: Conn<'a>,
    #[managed(skip_if = quiet)]
    log: T,
    quiet: bool,
}
///An entered [`Job`].
#[allow(dead_code, clippy::large_enum_variant)]
pub struct JobActive<'a, T>
where
    T: Clone,
    T: ::festoon::__private::context_manager::Manager,
{
    /// The database.
    pub db: <Conn<'a> as ::festoon::__private::context_manager::Manager>::Active,
    log: ::core::option::Option<
        <T as ::festoon::__private::context_manager::Manager>::Active,
    >,
    quiet: bool,
}
#[automatically_derived]
impl<'a, T> ::festoon::__private::context_manager::Manager for Job<'a, T>
where
    T: Clone,
    Conn<'a>: ::festoon::__private::context_manager::Manager,
    <Conn<
        'a,
    > as ::festoon::__private::context_manager::Manager>::Active: ::festoon::__private::context_manager::Exit<
        JobError,
    >,
    JobError: ::core::convert::From<
        <Conn<'a> as ::festoon::__private::context_manager::Manager>::EnterError,
    >,
    T: ::festoon::__private::context_manager::Manager,
    <T as ::festoon::__private::context_manager::Manager>::Active: ::festoon::__private::context_manager::Exit<
        JobError,
    >,
    JobError: ::core::convert::From<
        <T as ::festoon::__private::context_manager::Manager>::EnterError,
    >,
{
    type Active = JobActive<'a, T>;
    type EnterError = JobError;
    fn enter(self) -> ::core::result::Result<Self::Active, JobError> {
        match self {
            Job { db: field0, log: field1, quiet } => {
                let field0 = match <Conn<
                    'a,
                > as ::festoon::__private::context_manager::Manager>::enter(field0) {
                    ::core::result::Result::Ok(active) => {
                        ::festoon::__private::context_manager::hold::<
                            _,
                            JobError,
                        >(active)
                    }
                    ::core::result::Result::Err(error) => {
                        #[allow(unused_mut)]
                        let mut error: JobError = ::core::convert::From::from(error);
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
                        match <T as ::festoon::__private::context_manager::Manager>::enter(
                            field1,
                        ) {
                            ::core::result::Result::Ok(active) => {
                                ::festoon::__private::context_manager::hold::<
                                    _,
                                    JobError,
                                >(active)
                            }
                            ::core::result::Result::Err(error) => {
                                #[allow(unused_mut)]
                                let mut error: JobError = ::core::convert::From::from(
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
                ::core::result::Result::Ok(JobActive {
                    db: field0,
                    log: field1,
                    quiet,
                })
            }
        }
    }
}
#[automatically_derived]
impl<'a, T> ::festoon::__private::context_manager::Exit<JobError> for JobActive<'a, T>
where
    T: Clone,
    Conn<'a>: ::festoon::__private::context_manager::Manager,
    <Conn<
        'a,
    > as ::festoon::__private::context_manager::Manager>::Active: ::festoon::__private::context_manager::Exit<
        JobError,
    >,
    JobError: ::core::convert::From<
        <Conn<'a> as ::festoon::__private::context_manager::Manager>::EnterError,
    >,
    T: ::festoon::__private::context_manager::Manager,
    <T as ::festoon::__private::context_manager::Manager>::Active: ::festoon::__private::context_manager::Exit<
        JobError,
    >,
    JobError: ::core::convert::From<
        <T as ::festoon::__private::context_manager::Manager>::EnterError,
    >,
{
    const MAY_SWALLOW: bool = false
        || <<Conn<
            'a,
        > as ::festoon::__private::context_manager::Manager>::Active as ::festoon::__private::context_manager::Exit<
            JobError,
        >>::MAY_SWALLOW
        || <<T as ::festoon::__private::context_manager::Manager>::Active as ::festoon::__private::context_manager::Exit<
            JobError,
        >>::MAY_SWALLOW;
    fn exit(
        self,
        how: ::festoon::__private::context_manager::Outcome<'_, JobError>,
    ) -> ::core::result::Result<
        ::festoon::__private::context_manager::Verdict<JobError>,
        JobError,
    > {
        let mut chain = ::festoon::__private::context_manager::Chain::new(how);
        match self {
            JobActive { db: field0, log: field1, quiet: _quiet } => {
                if let ::core::option::Option::Some(active) = field1 {
                    chain.exit(active);
                }
                chain.exit(field0);
            }
        }
        chain.verdict()
    }
}
const _: () = {
    #[allow(dead_code, single_use_lifetimes, unused_lifetimes)]
    fn check<'a, T>(
        _: ::festoon::__private::context_manager::Guard<
            <Conn<'a> as ::festoon::__private::context_manager::Manager>::Active,
            JobError,
        >,
    )
    where
        T: Clone,
    {
        let _ = <JobError as ::core::convert::From<
            <Conn<'a> as ::festoon::__private::context_manager::Manager>::EnterError,
        >>::from;
    }
};
