require!(crate = my::festoon, dyn codecs::Codec: "gzip", "image/png; q=1");
