trait Codec: ::festoon::__private::registry::Concrete + ::festoon::__private::registry::wire::ErasedSerialize + Send {
    fn run(&self);
}
const _: () = {
    ::festoon::__private::registry::target!();
    pub struct FestoonSlot(::festoon::__private::registry::Entry<dyn Codec>);
    ::festoon::__private::registry::collect!(FestoonSlot);
    impl ::core::convert::AsRef<::festoon::__private::registry::Entry<dyn Codec>>
    for FestoonSlot {
        fn as_ref(&self) -> &::festoon::__private::registry::Entry<dyn Codec> {
            &self.0
        }
    }
    impl ::festoon::__private::registry::Registered for dyn Codec {
        type Key = ::core::primitive::str;
        type Args = ();
        const ARGS: &'static str = "";
        const ARG_NAMES: &'static [&'static str] = &[];
        type Mode = ::festoon::__private::registry::Now;
        type Slot = FestoonSlot;
        const RULES: ::festoon::__private::registry::Rules<Self> = ::festoon::__private::registry::Rules {
            default: ::core::option::Option::Some(
                <Self as ::festoon::__private::registry::HasDefault>::DEFAULT,
            ),
            ..::festoon::__private::registry::Rules::NONE
        };
        #[inline]
        fn registry() -> &'static ::festoon::__private::registry::Registry<dyn Codec> {
            static REGISTRY: ::festoon::__private::registry::Registry<dyn Codec> = ::festoon::__private::registry::Registry::new();
            &REGISTRY
        }
        fn concrete(&self) -> ::core::any::TypeId {
            self.festoon_type_id()
        }
    }
    impl ::festoon::__private::registry::HasDefault for dyn Codec {
        const DEFAULT: &'static ::core::primitive::str = "gzip";
    }
    impl ::festoon::__private::registry::wire::Wired for dyn Codec {
        const TAGGING: ::festoon::__private::registry::wire::Tagging = ::festoon::__private::registry::wire::Tagging::Internal(
            "type",
        );
        const NAME: &'static str = "Codec";
        fn erased(&self) -> &dyn ::festoon::__private::registry::wire::ErasedSerialize {
            self
        }
    }
    impl ::festoon::__private::registry::wire::Serialize for dyn Codec {
        fn serialize<S: ::festoon::__private::registry::wire::Serializer>(
            &self,
            serializer: S,
        ) -> ::core::result::Result<S::Ok, S::Error> {
            ::festoon::__private::registry::wire::serialize::<
                dyn Codec,
                S,
            >(self, serializer)
        }
    }
    impl ::festoon::__private::registry::wire::Serialize
    for dyn Codec + ::core::marker::Send {
        fn serialize<S: ::festoon::__private::registry::wire::Serializer>(
            &self,
            serializer: S,
        ) -> ::core::result::Result<S::Ok, S::Error> {
            ::festoon::__private::registry::wire::serialize::<
                dyn Codec,
                S,
            >(self, serializer)
        }
    }
    impl ::festoon::__private::registry::wire::Serialize
    for dyn Codec + ::core::marker::Sync {
        fn serialize<S: ::festoon::__private::registry::wire::Serializer>(
            &self,
            serializer: S,
        ) -> ::core::result::Result<S::Ok, S::Error> {
            ::festoon::__private::registry::wire::serialize::<
                dyn Codec,
                S,
            >(self, serializer)
        }
    }
    impl ::festoon::__private::registry::wire::Serialize
    for dyn Codec + ::core::marker::Send + ::core::marker::Sync {
        fn serialize<S: ::festoon::__private::registry::wire::Serializer>(
            &self,
            serializer: S,
        ) -> ::core::result::Result<S::Ok, S::Error> {
            ::festoon::__private::registry::wire::serialize::<
                dyn Codec,
                S,
            >(self, serializer)
        }
    }
    impl<'de> ::festoon::__private::registry::wire::Deserialize<'de>
    for ::festoon::__private::registry::Box<dyn Codec> {
        fn deserialize<D: ::festoon::__private::registry::wire::Deserializer<'de>>(
            deserializer: D,
        ) -> ::core::result::Result<Self, D::Error> {
            ::festoon::__private::registry::wire::deserialize::<
                dyn Codec,
                D,
            >(deserializer)
        }
    }
    #[allow(dead_code)]
    impl dyn Codec {
        /// Every type that is registered for this trait.
        #[inline]
        pub fn registry() -> &'static ::festoon::__private::registry::Registry<
            dyn Codec,
        > {
            <dyn Codec as ::festoon::__private::registry::Registered>::registry()
        }
        /// Its symbol names the registry to the linker.
        #[doc(hidden)]
        #[inline(never)]
        pub fn festoon_names() {}
        /// Whether several types may have one name.
        #[doc(hidden)]
        pub const FESTOON_SHARED: bool = <dyn Codec as ::festoon::__private::registry::Registered>::RULES
            .allows_duplicates;
        #[doc(hidden)]
        pub const fn festoon_slot<
            C: 'static + Codec + ::festoon::__private::registry::wire::DeserializeOwned,
        >(
            make: ::festoon::__private::registry::Make<Self>,
            spec: ::festoon::__private::registry::Spec<Self, C>,
        ) -> FestoonSlot {
            FestoonSlot(
                ::festoon::__private::registry::Entry::new(make, spec)
                    .with_read(|from| match ::festoon::__private::registry::wire::read::<
                        C,
                    >(from) {
                        ::core::result::Result::Ok(made) => {
                            ::core::result::Result::Ok(
                                ::festoon::__private::registry::Box::new(made),
                            )
                        }
                        ::core::result::Result::Err(error) => {
                            ::core::result::Result::Err(error)
                        }
                    }),
            )
        }
    }
};
