trait Instruction: ::festoon::__private::registry::Concrete
where
    Self: Send,
{
    fn run(&self);
}
const _: () = {
    ::festoon::__private::registry::target!();
    pub struct FestoonSlot(::festoon::__private::registry::Entry<dyn Instruction>);
    ::festoon::__private::registry::collect!(FestoonSlot);
    impl ::core::convert::AsRef<::festoon::__private::registry::Entry<dyn Instruction>>
    for FestoonSlot {
        fn as_ref(&self) -> &::festoon::__private::registry::Entry<dyn Instruction> {
            &self.0
        }
    }
    impl ::festoon::__private::registry::Registered for dyn Instruction {
        type Key = Code;
        type Args = ();
        const ARGS: &'static str = "";
        const ARG_NAMES: &'static [&'static str] = &[];
        type Mode = ::festoon::__private::registry::Later;
        type Slot = FestoonSlot;
        const RULES: ::festoon::__private::registry::Rules<Self> = ::festoon::__private::registry::Rules {
            default: ::core::option::Option::Some(
                <Self as ::festoon::__private::registry::HasDefault>::DEFAULT,
            ),
            allows_duplicates: true,
            on_register: ::core::option::Option::Some(|entry| ::festoon::__private::registry::told(
                (checked)(entry),
            )),
            ..::festoon::__private::registry::Rules::NONE
        };
        #[inline]
        fn registry() -> &'static ::festoon::__private::registry::Registry<
            dyn Instruction,
        > {
            static REGISTRY: ::festoon::__private::registry::Registry<dyn Instruction> = ::festoon::__private::registry::Registry::new();
            &REGISTRY
        }
        fn concrete(&self) -> ::core::any::TypeId {
            self.festoon_type_id()
        }
    }
    impl ::festoon::__private::registry::HasDefault for dyn Instruction {
        const DEFAULT: &'static Code = &Code::Pop;
    }
    #[allow(dead_code)]
    impl dyn Instruction {
        /// Every type that is registered for this trait.
        #[inline]
        pub fn registry() -> &'static ::festoon::__private::registry::Registry<
            dyn Instruction,
        > {
            <dyn Instruction as ::festoon::__private::registry::Registered>::registry()
        }
        /// Its symbol names the registry to the linker.
        #[doc(hidden)]
        #[inline(never)]
        pub fn festoon_names() {}
        /// Whether several types may have one name.
        #[doc(hidden)]
        pub const FESTOON_SHARED: bool = <dyn Instruction as ::festoon::__private::registry::Registered>::RULES
            .allows_duplicates;
        #[doc(hidden)]
        pub const fn festoon_slot<C: 'static>(
            make: ::festoon::__private::registry::Make<Self>,
            spec: ::festoon::__private::registry::Spec<Self, C>,
        ) -> FestoonSlot {
            FestoonSlot(::festoon::__private::registry::Entry::new(make, spec))
        }
    }
};
