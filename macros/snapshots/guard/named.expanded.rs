pub(crate) struct Tx<'a, T: Debug = u8>
where
    T: Clone,
{
    log: &'a T,
    pub name: String,
}
#[automatically_derived]
impl<'a, T: Debug> ::core::ops::Drop for Tx<'a, T>
where
    T: Clone,
{
    #[inline]
    fn drop(&mut self) {
        self.festoon_exit(::festoon::__private::guard::Ending::Dropped {
            is_unwound: false,
        });
    }
}
#[automatically_derived]
impl<'a, T: Debug, FestoonE> ::festoon::__private::guard::Exit<FestoonE> for Tx<'a, T>
where
    T: Clone,
{
    #[inline]
    fn exit(
        self,
        how: ::festoon::__private::guard::Outcome<'_, FestoonE>,
    ) -> ::core::result::Result<
        ::festoon::__private::guard::Verdict<FestoonE>,
        FestoonE,
    > {
        ::festoon::__private::guard::told_kind(
            self,
            &how,
            Self::festoon_exit,
            Self::into_fields,
        )
    }
}
#[automatically_derived]
#[allow(dead_code, clippy::future_not_send, clippy::same_name_method)]
impl<'a, T: Debug> Tx<'a, T>
where
    T: Clone,
{
    /// Runs the exit now, with this outcome; then the fields are dropped.
    #[inline]
    pub(crate) fn finish(self, how: ::festoon::__private::OutcomeKind) {
        ::festoon::__private::guard::finish(
            self,
            how,
            Self::festoon_exit,
            Self::into_fields,
        );
    }
    /// Runs the exit now, with `Success` for `Ok` and `Error` for `Err`; then the fields are dropped.
    #[inline]
    pub(crate) fn finish_with<FestoonT, FestoonE>(
        self,
        result: &::core::result::Result<FestoonT, FestoonE>,
    ) {
        self.finish(::festoon::__private::guard::kind_of(result));
    }
    /// Runs the body and then the exit, with the body's outcome: an `Ok`, an `Err` or a panic.
    #[inline]
    pub(crate) fn scope<FestoonT, FestoonE>(
        self,
        body: impl ::core::ops::FnOnce(
            &mut Self,
        ) -> ::core::result::Result<FestoonT, FestoonE>,
    ) -> ::core::result::Result<FestoonT, FestoonE> {
        ::festoon::__private::guard::Exit::scope(self, body)
    }
    /// The same for an async body. If the future is dropped, the exit receives `Cancelled`.
    #[inline]
    pub(crate) fn scope_async<FestoonT, FestoonE>(
        self,
        body: impl ::core::ops::AsyncFnOnce(
            &mut Self,
        ) -> ::core::result::Result<FestoonT, FestoonE>,
    ) -> impl ::core::future::Future<
        Output = ::core::result::Result<FestoonT, FestoonE>,
    > {
        ::festoon::__private::guard::Exit::scope_async(self, body)
    }
    /// Drops the fields without running the exit.
    #[inline]
    pub(crate) fn defuse(self) {
        let _fields = self.into_fields();
    }
    /// Returns the fields in order, without running the exit.
    #[inline]
    fn into_fields(self) -> (&'a T, String) {
        let this = ::core::mem::ManuallyDrop::new(self);
        unsafe {
            (
                ::core::ptr::read(&raw const this.log),
                ::core::ptr::read(&raw const this.name),
            )
        }
    }
    #[doc(hidden)]
    #[inline]
    #[allow(unused_qualifications)]
    fn festoon_exit(
        &mut self,
        how: ::festoon::__private::guard::Ending<
            '_,
            ::festoon::__private::guard::NoError,
        >,
    ) {
        ::festoon::__private::guard::exit(self, how, Self::rollback);
    }
}
