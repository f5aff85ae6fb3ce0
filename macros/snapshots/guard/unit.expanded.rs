struct Unit;
#[automatically_derived]
impl ::core::ops::Drop for Unit {
    #[inline]
    fn drop(&mut self) {
        self.festoon_exit(::festoon::__private::guard::Ending::Dropped);
    }
}
#[automatically_derived]
#[allow(dead_code)]
impl Unit {
    /// Runs the exit now, told that the scope ended like this; then the fields are dropped.
    #[inline]
    fn finish(self, how: ::festoon::__private::OutcomeKind) {
        ::festoon::__private::guard::finish(
            self,
            how,
            Self::festoon_exit,
            Self::into_fields,
        );
    }
    /// Runs the exit now, told `Success` for `Ok` and `Error` for `Err`; then the fields are dropped.
    #[inline]
    fn finish_with<FestoonT, FestoonE>(
        self,
        result: &::core::result::Result<FestoonT, FestoonE>,
    ) {
        self.finish(::festoon::__private::guard::kind_of(result));
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
