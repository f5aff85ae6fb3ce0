//! A plug-in.

use base::{Format, Shared};

#[festoon::register(dyn Format, name = "one")]
#[festoon::register(dyn Shared, name = "shared")]
#[derive(Default)]
pub struct Plugin;

impl Format for Plugin {
    fn format(&self, number: u64) -> String {
        format!("one {number}")
    }
}

impl Shared for Plugin {}
