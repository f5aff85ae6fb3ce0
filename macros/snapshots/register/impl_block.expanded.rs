impl codecs::Codec for Gzip<u8> {}
#[allow(unreachable_code)]
const _: () = {
    #[allow(unused_imports)]
    use ::festoon::__private::registry::NoRegistry as _;
    ::festoon::__private::registry::names! {
        dyn codecs::Codec, "gzip", "gz"
    }
    ::festoon::__private::registry::submit! {
        < dyn codecs::Codec > ::festoon_slot(| entry, args | entry.festoon_construct:: <
        Gzip < u8 >, _ > (args, < Gzip < u8 > > ::new, | made |
        ::festoon::__private::registry::Box::new(made)),
        ::festoon::__private::registry::Spec { aliases : & ["gz"], before : & ["zstd"],
        .. ::festoon::__private::registry::registered:: < dyn codecs::Codec > ().spec:: <
        Gzip < u8 > > (::festoon::__private::registry::digest("gzip"), "gzip",
        ::festoon::__private::registry::place!()) })
    }
};
