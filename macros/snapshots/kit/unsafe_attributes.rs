#[timed]
#[unsafe(no_mangle)]
#[allow(clippy::missing_safety_doc)]
pub unsafe extern "C" fn raw(r#type: u8) -> u8 {
    r#type
}
