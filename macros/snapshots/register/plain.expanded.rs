enum Plain {
    A,
}
const _: () = {
    const _: () = ::festoon::__private::registry::registered::<dyn Codec>();
    ::festoon::__private::registry::names! {
        dyn Codec, "Plain"
    }
    ::festoon::__private::registry::submit! {
        < dyn Codec > ::festoon_slot(| entry, args | entry.festoon_construct:: < Plain, _
        > (args, ::festoon::__private::registry::by_default:: < Plain > (), | made |
        ::festoon::__private::registry::Box::new(made)),
        ::festoon::__private::registry::Spec { .. ::festoon::__private::registry::Spec::
        < _, Plain > ::of(::festoon::__private::registry::digest("Plain"), "Plain",
        ::festoon::__private::registry::place!()) })
    }
};
const _: () = {
    const _: () = ::festoon::__private::registry::registered::<dyn Other>();
    ::festoon::__private::registry::names! {
        dyn Other, "other"
    }
    ::festoon::__private::registry::submit! {
        < dyn Other > ::festoon_slot(| entry, args | entry.festoon_construct:: < Plain, _
        > (args, ::festoon::__private::registry::by_default:: < Plain > (), | made |
        ::festoon::__private::registry::Box::new(made)),
        ::festoon::__private::registry::Spec { singleton : ::core::option::Option::Some(&
        || { static ONE : ::festoon::__private::registry::Singleton < Plain > =
        ::festoon::__private::registry::Singleton::new(); ONE.get(||
        ::festoon::__private::registry::construct_one:: < dyn Other, Plain, _ >
        (::festoon::__private::registry::no_arguments:: << dyn Other as
        ::festoon::__private::registry::Registered > ::Args > (),
        ::festoon::__private::registry::by_default:: < Plain > ())).map(| one | -> & dyn
        Other { one }) }), .. ::festoon::__private::registry::Spec:: < _, Plain >
        ::of(::festoon::__private::registry::digest("other"), "other",
        ::festoon::__private::registry::place!()) })
    }
};
