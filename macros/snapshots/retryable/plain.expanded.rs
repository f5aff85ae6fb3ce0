enum ShopError {
    UnknownSku(String),
    Busy,
    Limited { pause: Duration },
    Io(std::io::Error),
}
#[automatically_derived]
impl ::festoon::__private::retry::Retryable for ShopError {
    fn advice(&self) -> ::festoon::__private::retry::Advice {
        match self {
            Self::UnknownSku { .. } => ::festoon::__private::retry::Advice::Never,
            Self::Busy { .. } => ::festoon::__private::retry::Advice::Transient,
            Self::Limited { pause: field, .. } => {
                ::festoon::__private::retry::after(field)
            }
            Self::Io { 0: field, .. } => {
                ::festoon::__private::retry::Retryable::advice(field)
            }
        }
    }
}
