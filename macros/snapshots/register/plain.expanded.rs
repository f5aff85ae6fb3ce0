enum Plain {
    A,
}
#[allow(unreachable_code)]
const _: () = {
    #[allow(unused_imports)]
    use ::festoon::__private::registry::NoRegistry as _;
    ::festoon::__private::registry::names! {
        dyn Codec, "Plain"
    }
    ::festoon::__private::registry::submit! {
        < dyn Codec > ::festoon_slot(| entry, args | entry.festoon_construct:: < Plain, _
        > (args, ::festoon::__private::registry::by_default:: < Plain > (), | made |
        ::festoon::__private::registry::Box::new(made)),
        ::festoon::__private::registry::Spec { ..
        ::festoon::__private::registry::registered:: < dyn Codec > ().spec:: < Plain >
        (::festoon::__private::registry::digest("Plain"), "Plain",
        ::festoon::__private::registry::place!()) })
    }
};
#[allow(unreachable_code)]
const _: () = {
    #[allow(unused_imports)]
    use ::festoon::__private::registry::NoRegistry as _;
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
        Other { one }) }), .. ::festoon::__private::registry::registered:: < dyn Other >
        ().spec:: < Plain > (::festoon::__private::registry::digest("other"), "other",
        ::festoon::__private::registry::place!()) })
    }
};
