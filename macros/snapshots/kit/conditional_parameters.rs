#[timed]
#[retry]
fn both(#[cfg(unix)] mut fd: u32, #[cfg_attr(unix, cfg(feature = "x"), allow(unused))] b: Option<u8>) -> Option<u8> {
    b
}
