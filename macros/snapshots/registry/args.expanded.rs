pub trait Codec: my::festoon::__private::registry::Concrete + Send + Sync {
    fn run(&self) -> String;
}
const _: () = {
    my::festoon::__private::registry::target!();
    pub struct FestoonSlot(my::festoon::__private::registry::Entry<dyn Codec>);
    my::festoon::__private::registry::collect!(FestoonSlot);
    impl ::core::convert::AsRef<my::festoon::__private::registry::Entry<dyn Codec>>
    for FestoonSlot {
        fn as_ref(&self) -> &my::festoon::__private::registry::Entry<dyn Codec> {
            &self.0
        }
    }
    impl my::festoon::__private::registry::Registered for dyn Codec {
        type Key = ::core::primitive::str;
        type Args = (u32, HashMap<String, Vec<&'static str>>);
        const ARGS: &'static str = "level: u32, map: HashMap<String, Vec<&'static str>>";
        const ARG_NAMES: &'static [&'static str] = &["level", "map"];
        type Mode = my::festoon::__private::registry::Now;
        type Slot = FestoonSlot;
        const RULES: my::festoon::__private::registry::Rules<Self> = my::festoon::__private::registry::Rules {
            ..my::festoon::__private::registry::Rules::NONE
        };
        #[inline]
        fn registry() -> &'static my::festoon::__private::registry::Registry<dyn Codec> {
            static REGISTRY: my::festoon::__private::registry::Registry<dyn Codec> = my::festoon::__private::registry::Registry::new();
            &REGISTRY
        }
        fn concrete(&self) -> ::core::any::TypeId {
            self.festoon_type_id()
        }
    }
    #[allow(dead_code)]
    impl dyn Codec {
        /// Every type that is registered for this trait.
        #[inline]
        pub fn registry() -> &'static my::festoon::__private::registry::Registry<
            dyn Codec,
        > {
            <dyn Codec as my::festoon::__private::registry::Registered>::registry()
        }
        /// Its symbol names the registry to the linker.
        #[doc(hidden)]
        #[inline(never)]
        pub fn festoon_names() {}
        /// Whether several types may have one name.
        #[doc(hidden)]
        pub const FESTOON_SHARED: bool = <dyn Codec as my::festoon::__private::registry::Registered>::RULES
            .allows_duplicates;
        #[doc(hidden)]
        pub const fn festoon_slot<C: 'static>(
            make: my::festoon::__private::registry::Make<Self>,
            spec: my::festoon::__private::registry::Spec<Self, C>,
        ) -> FestoonSlot {
            FestoonSlot(my::festoon::__private::registry::Entry::new(make, spec))
        }
    }
};
