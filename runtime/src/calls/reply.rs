//! How a call in another process ended.

use std::any::Any;

/// The answer to a call.
pub struct Reply {
    pub(crate) kind: Kind,
    pub(crate) bytes: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// The encoded result.
    Value = 0,
    /// The text of a panic.
    Panic = 1,
    /// Why it could not be decoded or encoded.
    Broken = 2,
}

impl Kind {
    pub(crate) fn read(byte: u8) -> Option<Self> {
        [Kind::Value, Kind::Panic, Kind::Broken].into_iter().find(|kind| *kind as u8 == byte)
    }
}

impl Reply {
    pub(crate) fn value(bytes: Vec<u8>) -> Self {
        Reply { kind: Kind::Value, bytes }
    }

    pub(crate) fn panic(text: String) -> Self {
        Reply { kind: Kind::Panic, bytes: text.into_bytes() }
    }

    pub(crate) fn broken(why: String) -> Self {
        Reply { kind: Kind::Broken, bytes: why.into_bytes() }
    }
}

/// The text of a panic.
pub(crate) fn text_of(panic: &(dyn Any + Send)) -> String {
    let literal = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    literal.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic without a text".to_owned())
}
