#[festoon::register(name = "gzip", alias("gz"), before("zstd"), new = Self::new)]
impl codecs::Codec for Gzip<u8> {}
