const _: () = {
    #[allow(unused_imports)]
    use my::festoon::__private::registry::NoRegistry as _;
    my::festoon::__private::registry::submit! {
        my::festoon::__private::registry::Required::of:: < dyn codecs::Codec > (&
        ["gzip", "image/png; q=1"])
    }
    my::festoon::__private::registry::require! {
        dyn codecs::Codec, "gzip", "image/png%3b q=1"
    }
};
