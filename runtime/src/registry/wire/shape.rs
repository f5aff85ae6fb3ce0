//! How a value presents itself to serde: its first call, and whether it is a certain string.

use std::cell::Cell;
use std::fmt;

use serde::ser::{Impossible, Serialize, Serializer};

use super::ErasedSerialize;
use super::methods::all;

/// How a value presents itself to serde.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// A map, or a struct with named fields.
    Map,
    Unit,
    Variant(&'static str),
    /// Anything else.
    Value,
}

/// Finds the value's first call, and stops it there.
pub(super) fn shape(value: &dyn ErasedSerialize) -> Shape {
    let found = Cell::new(Shape::Value);
    let _stopped = erased_serde::serialize(value, Probe { found: &found, text: None });
    found.get()
}

/// Returns whether it is this string.
pub(super) fn is_text<T: ?Sized + Serialize>(value: &T, text: &str) -> bool {
    let found = Cell::new(Shape::Value);
    value.serialize(Probe { found: &found, text: Some(text) }).is_ok()
}

struct Probe<'p> {
    found: &'p Cell<Shape>,
    /// The only string that it does not stop at.
    text: Option<&'p str>,
}

impl Probe<'_> {
    fn is<R>(&self, shape: Shape) -> Result<R, fmt::Error> {
        self.found.set(shape);
        Err(fmt::Error)
    }
}

impl Serializer for Probe<'_> {
    type Ok = ();
    type Error = fmt::Error;
    type SerializeSeq = Impossible<(), fmt::Error>;
    type SerializeTuple = Impossible<(), fmt::Error>;
    type SerializeTupleStruct = Impossible<(), fmt::Error>;
    type SerializeTupleVariant = Impossible<(), fmt::Error>;
    type SerializeMap = Impossible<(), fmt::Error>;
    type SerializeStruct = Impossible<(), fmt::Error>;
    type SerializeStructVariant = Impossible<(), fmt::Error>;

    all!(values probe, probe.is(Shape::Value));
    all! { probe, probe.is(Shape::Unit);
        serialize_none() -> ();
        serialize_unit() -> ();
        serialize_unit_struct(&'static str) -> ();
    }
    all! { probe, probe.is(Shape::Map);
        serialize_map(Option<usize>) -> Self::SerializeMap;
        serialize_struct(&'static str, usize) -> Self::SerializeStruct;
    }

    fn serialize_str(self, text: &str) -> Result<(), fmt::Error> {
        if self.text == Some(text) { Ok(()) } else { self.is(Shape::Value) }
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), fmt::Error> {
        self.is(Shape::Variant(variant))
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: &T,
    ) -> Result<(), fmt::Error> {
        self.is(Shape::Variant(variant))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, fmt::Error> {
        self.is(Shape::Variant(variant))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, fmt::Error> {
        self.is(Shape::Variant(variant))
    }
}
