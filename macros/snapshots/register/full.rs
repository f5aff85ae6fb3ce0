/// Deflate.
///
/// With a header.
#[derive(Debug, Register)]
#[register(dyn codecs::Codec, name = "gzip", alias("gz"), new = Self::new, priority = 1 + 1, singleton(6), tag(kind = "lossless"), on_register = |_| Self::hello(), crate = my::festoon)]
struct Gzip {
    /// From 0 to 9.
    level: u32,
}
