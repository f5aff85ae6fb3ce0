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
    /// Runs the exit now, told that the scope ended like this; then the fields are dropped.
    #[inline]
    fn finish(self, how: my::festoon::__private::OutcomeKind) {
        my::festoon::__private::guard::finish(
            self,
            how,
            Self::festoon_exit,
            Self::into_fields,
        );
    }
    /// Runs the exit now and shows it the error of the scope, which it may change; then the fields are dropped.
    /// An error of the exit itself takes the place of an `Ok`, and is only logged when there is an `Err`.
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
    /// Runs the body and then the exit, told how the body ended: with `Ok`, an `Err` or a panic.
    #[inline]
    fn scope<FestoonT>(
        self,
        body: impl ::core::ops::FnOnce(
            &mut Self,
        ) -> ::core::result::Result<FestoonT, io::Error>,
    ) -> ::core::result::Result<FestoonT, io::Error> {
        my::festoon::__private::guard::Exit::scope(self, body)
    }
    /// The same around an async body. When the future is dropped, the exit is told `Cancelled`.
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
    /// The fields in order, without running the exit.
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
