/// Deflate.
///
/// With a header.
struct Gzip {
    /// From 0 to 9.
    level: u32,
}
#[allow(unreachable_code)]
const _: () = {
    #[allow(unused_imports)]
    use my::festoon::__private::registry::NoRegistry as _;
    my::festoon::__private::registry::names! {
        dyn codecs::Codec, "gzip", "gz"
    }
    my::festoon::__private::registry::submit! {
        < dyn codecs::Codec > ::festoon_slot(| entry, args | entry.festoon_construct:: <
        Gzip, _ > (args, Gzip::new, | made |
        my::festoon::__private::registry::Box::new(made)),
        my::festoon::__private::registry::Spec { docs : "Deflate.\n\nWith a header.",
        aliases : & ["gz"], priority : 1 + 1, tags : & [("kind", "lossless")], fields : &
        [my::festoon::__private::registry::Field::new("level", "u32", "From 0 to 9.")],
        singleton : ::core::option::Option::Some(& || { static ONE :
        my::festoon::__private::registry::Singleton < Gzip > =
        my::festoon::__private::registry::Singleton::new(); ONE.get(||
        my::festoon::__private::registry::construct_one:: < dyn codecs::Codec, Gzip, _ >
        ((6,), Gzip::new)).map(| one | -> & dyn codecs::Codec { one }) }), on_register :
        ::core::option::Option::Some(| entry | {
        my::festoon::__private::registry::told((| _ | Gzip::hello()) (entry)) }),
        ..my::festoon::__private::registry::registered:: < dyn codecs::Codec > ().spec::
        < Gzip > (my::festoon::__private::registry::digest("gzip"), "gzip",
        my::festoon::__private::registry::place!()) })
    }
};
