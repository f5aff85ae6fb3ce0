struct Unit;
#[automatically_derived]
impl ::core::ops::Drop for Unit {
    #[inline]
    fn drop(&mut self) {
        self.festoon_exit(::festoon::__private::guard::Ending::Dropped {
            is_unwound: false,
        });
    }
}
#[automatically_derived]
impl<FestoonE> ::festoon::__private::guard::Exit<FestoonE> for Unit {
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
impl Unit {
    /// Runs the exit now, with this outcome; then the fields are dropped.
    #[inline]
    fn finish(self, how: ::festoon::__private::OutcomeKind) {
        ::festoon::__private::guard::finish(
            self,
            how,
            Self::festoon_exit,
            Self::into_fields,
        );
    }
    /// Runs the exit now, with `Success` for `Ok` and `Error` for `Err`; then the fields are dropped.
    #[inline]
    fn finish_with<FestoonT, FestoonE>(
        self,
        result: &::core::result::Result<FestoonT, FestoonE>,
    ) {
        self.finish(::festoon::__private::guard::kind_of(result));
    }
    /// Runs the body and then the exit, with the body's outcome: an `Ok`, an `Err` or a panic.
    #[inline]
    fn scope<FestoonT, FestoonE>(
        self,
        body: impl ::core::ops::FnOnce(
            &mut Self,
        ) -> ::core::result::Result<FestoonT, FestoonE>,
    ) -> ::core::result::Result<FestoonT, FestoonE> {
        ::festoon::__private::guard::Exit::scope(self, body)
    }
    /// The same for an async body. If the future is dropped, the exit receives `Cancelled`.
    #[inline]
    fn scope_async<FestoonT, FestoonE>(
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
    fn defuse(self) {
        let _fields = self.into_fields();
    }
    #[inline]
    fn into_fields(self) {
        ::core::mem::forget(self);
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
        ::festoon::__private::guard::exit(self, how, self::end);
    }
}
