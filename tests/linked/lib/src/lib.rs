//! What a C program links, and what another one loads.

festoon::link!(one);

#[cfg(feature = "require")]
festoon::require!(dyn base::Format: "one");

/// How many types are found here.
#[unsafe(no_mangle)]
pub extern "C" fn count_formats() -> u32 {
    u32::try_from(<dyn base::Format>::registry().len()).unwrap_or(u32::MAX)
}

/// The same, and whether `one` is among them.
#[unsafe(no_mangle)]
pub extern "C" fn finds_one() -> bool {
    <dyn base::Format>::registry().contains("one")
}
