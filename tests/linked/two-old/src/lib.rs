//! A plug-in.

use base::{Format, Shared};

#[festoon::register(dyn Format, name = "two-1")]
#[festoon::register(dyn Shared, name = "shared")]
#[derive(Default)]
pub struct Plugin;

impl Format for Plugin {
    fn format(&self, number: u64) -> String {
        format!("two-1 {number}")
    }
}

impl Shared for Plugin {}
