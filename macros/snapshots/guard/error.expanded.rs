struct File(PathBuf, u8);
#[automatically_derived]
impl ::core::ops::Drop for File {
    #[inline]
    fn drop(&mut self) {
        self.festoon_exit(my::festoon::__private::guard::Ending::Dropped {
            is_unwound: false,
        });
    }
}
#[automatically_derived]
impl my::festoon::__private::guard::Exit<io::Error> for File {
    #[inline]
    fn exit(
        self,
        how: my::festoon::__private::guard::Outcome<'_, io::Error>,
    ) -> ::core::result::Result<
        my::festoon::__private::guard::Verdict<io::Error>,
        io::Error,
    > {
        my::festoon::__private::guard::told(
            self,
            how,
            Self::festoon_exit,
            Self::into_fields,
        )
    }
}
#[automatically_derived]
#[allow(dead_code, clippy::future_not_send, clippy::same_name_method)]
impl File {
    /// Runs the exit now, with this outcome; then the fields are dropped.
    #[inline]
    fn finish(self, how: my::festoon::__private::OutcomeKind) {
        my::festoon::__private::guard::finish(
            self,
            how,
            Self::festoon_exit,
            Self::into_fields,
        );
    }
    /// Runs the exit now, with the error of the scope, which it may change; then the fields are dropped. An
    /// error of the exit itself replaces an `Ok`, and is only logged if there is an `Err`.
    #[inline]
    fn finish_with<FestoonT>(
        self,
        result: &mut ::core::result::Result<FestoonT, io::Error>,
    ) {
        my::festoon::__private::guard::finish_with(
            self,
            result,
            Self::festoon_exit,
            Self::into_fields,
        );
    }
    /// Runs the body and then the exit, with the body's outcome: an `Ok`, an `Err` or a panic.
    #[inline]
    fn scope<FestoonT>(
        self,
        body: impl ::core::ops::FnOnce(
            &mut Self,
        ) -> ::core::result::Result<FestoonT, io::Error>,
    ) -> ::core::result::Result<FestoonT, io::Error> {
        my::festoon::__private::guard::Exit::scope(self, body)
    }
    /// The same for an async body. If the future is dropped, the exit receives `Cancelled`.
    #[inline]
    fn scope_async<FestoonT>(
        self,
        body: impl ::core::ops::AsyncFnOnce(
            &mut Self,
        ) -> ::core::result::Result<FestoonT, io::Error>,
    ) -> impl ::core::future::Future<
        Output = ::core::result::Result<FestoonT, io::Error>,
    > {
        my::festoon::__private::guard::Exit::scope_async(self, body)
    }
    /// Drops the fields without running the exit.
    #[inline]
    fn defuse(self) {
        let _fields = self.into_fields();
    }
    /// Returns the fields in order, without running the exit.
    #[inline]
    fn into_fields(self) -> (PathBuf, u8) {
        let this = ::core::mem::ManuallyDrop::new(self);
        unsafe {
            (
                ::core::ptr::read_unaligned(&raw const this.0),
                ::core::ptr::read_unaligned(&raw const this.1),
            )
        }
    }
    #[doc(hidden)]
    #[inline]
    #[allow(unused_qualifications)]
    fn festoon_exit(
        &mut self,
        how: my::festoon::__private::guard::Ending<'_, io::Error>,
    ) {
        my::festoon::__private::guard::exit(self, how, Self::close);
    }
}
