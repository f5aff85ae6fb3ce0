pub trait Codec: Send + Sync {
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
        type Args = (u32, HashMap<String, Vec<&'static str>>);
        const ARGS: &'static str = "level: u32, map: HashMap<String, Vec<&'static str>>";
        type Slot = FestoonSlot;
        #[inline]
        fn registry() -> &'static my::festoon::__private::registry::Registry<dyn Codec> {
            static REGISTRY: my::festoon::__private::registry::Registry<dyn Codec> = my::festoon::__private::registry::Registry::new();
            &REGISTRY
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
        #[doc(hidden)]
        pub const fn festoon_slot(
            make: my::festoon::__private::registry::Make<Self>,
            spec: my::festoon::__private::registry::Spec<Self>,
        ) -> FestoonSlot {
            FestoonSlot(my::festoon::__private::registry::Entry::new(make, spec))
        }
    }
};
