//! Writes a value with the name of its type.

use serde::ser::{
    Error as _, Impossible, Serialize, SerializeMap, SerializeStruct, SerializeStructVariant, SerializeTupleStruct,
    SerializeTupleVariant, Serializer,
};

use super::methods::all;
use super::shape::{Shape, is_text, shape};
use super::{ErasedSerialize, Tagging, Wired};

/// The key next to the tag for a value that is not a map.
pub(super) const VALUE: &str = "value";

/// Serializes a value under the name of its type.
///
/// # Errors
/// If its type is not registered, and the errors of the format and of the type.
pub fn serialize<T: ?Sized + Wired, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let Some(entry) = T::registry().of(value) else {
        return Err(S::Error::custom(format_args!("the type of this value is not registered for `dyn {}`", T::NAME)));
    };
    let (name, value) = (entry.name(), value.erased());
    match T::TAGGING {
        Tagging::External => {
            let mut map = serializer.serialize_map(Some(1))?;
            map.serialize_entry(name, &Whole(value))?;
            map.end()
        }
        Tagging::Internal(tag) => internally(Tag { tag, name }, value, serializer),
        Tagging::Adjacent([tag, content]) => {
            let mut fields = serializer.serialize_struct(T::NAME, 2)?;
            fields.serialize_field(tag, name)?;
            fields.serialize_field(content, &Whole(value))?;
            fields.end()
        }
    }
}

#[derive(Clone, Copy)]
struct Tag {
    tag: &'static str,
    name: &'static str,
}

impl Tag {
    /// A map that starts with it.
    fn map<S: Serializer>(self, serializer: S, len: usize) -> Result<S::SerializeMap, S::Error> {
        let mut map = serializer.serialize_map(Some(len))?;
        map.serialize_entry(self.tag, self.name)?;
        Ok(map)
    }
}

fn internally<S: Serializer>(tag: Tag, value: &dyn ErasedSerialize, serializer: S) -> Result<S::Ok, S::Error> {
    match shape(value) {
        Shape::Map => erased_serde::serialize(value, Tagged { tag, serializer }),
        Shape::Unit => tag.map(serializer, 1)?.end(),
        Shape::Variant(variant) => {
            let mut map = tag.map(serializer, 2)?;
            map.serialize_entry(variant, &Inner(value))?;
            map.end()
        }
        Shape::Value => {
            let mut map = tag.map(serializer, 2)?;
            map.serialize_entry(VALUE, &Whole(value))?;
            map.end()
        }
    }
}

/// The unchanged value.
struct Whole<'v>(&'v dyn ErasedSerialize);

impl Serialize for Whole<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        erased_serde::serialize(self.0, serializer)
    }
}

/// The content of an enum's variant.
struct Inner<'v>(&'v dyn ErasedSerialize);

impl Serialize for Inner<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        erased_serde::serialize(self.0, WithoutVariant(serializer))
    }
}

/// A value whose first call has changed since `shape`.
fn changed<R, E: serde::ser::Error>() -> Result<R, E> {
    Err(E::custom("it serializes differently each time"))
}

/// Variants of an enum, where they are not expected.
macro_rules! no_variants {
    () => {
        all! { _it, changed();
            serialize_unit_variant(&'static str, u32, &'static str) -> Self::Ok;
            serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
            serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant;
        }

        fn serialize_newtype_variant<T: ?Sized + Serialize>(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: &T,
        ) -> Result<Self::Ok, Self::Error> {
            changed()
        }
    };
}

/// Puts the tag before the entries of a map.
struct Tagged<S> {
    tag: Tag,
    serializer: S,
}

impl<S: Serializer> Serializer for Tagged<S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Impossible<S::Ok, S::Error>;
    type SerializeTuple = Impossible<S::Ok, S::Error>;
    type SerializeTupleStruct = Impossible<S::Ok, S::Error>;
    type SerializeTupleVariant = Impossible<S::Ok, S::Error>;
    type SerializeMap = S::SerializeMap;
    type SerializeStruct = Fields<S::SerializeMap>;
    type SerializeStructVariant = Impossible<S::Ok, S::Error>;

    all!(values _it, changed());
    all! { _it, changed();
        serialize_none() -> S::Ok;
        serialize_unit() -> S::Ok;
        serialize_unit_struct(&'static str) -> S::Ok;
        serialize_str(&str) -> S::Ok;
    }
    no_variants!();

    fn serialize_map(self, len: Option<usize>) -> Result<S::SerializeMap, S::Error> {
        let mut map = self.serializer.serialize_map(len.map(|len| len + 1))?;
        map.serialize_entry(self.tag.tag, self.tag.name)?;
        Ok(map)
    }

    fn serialize_struct(self, _: &'static str, len: usize) -> Result<Self::SerializeStruct, S::Error> {
        let tag = self.tag;
        self.serialize_map(Some(len)).map(|map| Fields { tag, map })
    }
}

/// The fields of a struct, as entries of the map.
struct Fields<M> {
    tag: Tag,
    map: M,
}

impl<M: SerializeMap> SerializeStruct for Fields<M> {
    type Ok = M::Ok;
    type Error = M::Error;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, name: &'static str, value: &T) -> Result<(), M::Error> {
        let Tag { tag, name: ours } = self.tag;
        match name == tag {
            false => self.map.serialize_entry(name, value),
            // With `#[serde(tag = "..")]` on the type, it is the same tag.
            true if is_text(value, ours) => Ok(()),
            true => Err(M::Error::custom(format_args!("its field `{tag}` is not the tag `{ours}`"))),
        }
    }

    fn end(self) -> Result<M::Ok, M::Error> {
        self.map.end()
    }
}

/// Serializes the content of an enum's variant.
struct WithoutVariant<S>(S);

impl<S: Serializer> Serializer for WithoutVariant<S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Impossible<S::Ok, S::Error>;
    type SerializeTuple = Impossible<S::Ok, S::Error>;
    type SerializeTupleStruct = Impossible<S::Ok, S::Error>;
    type SerializeTupleVariant = TupleVariant<S::SerializeTupleStruct>;
    type SerializeMap = Impossible<S::Ok, S::Error>;
    type SerializeStruct = Impossible<S::Ok, S::Error>;
    type SerializeStructVariant = StructVariant<S::SerializeStruct>;

    all!(values _it, changed());
    all! { _it, changed();
        serialize_none() -> S::Ok;
        serialize_unit() -> S::Ok;
        serialize_unit_struct(&'static str) -> S::Ok;
        serialize_str(&str) -> S::Ok;
        serialize_map(Option<usize>) -> Self::SerializeMap;
        serialize_struct(&'static str, usize) -> Self::SerializeStruct;
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Result<S::Ok, S::Error> {
        self.0.serialize_unit()
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        value.serialize(self.0)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeTupleVariant, S::Error> {
        self.0.serialize_tuple_struct(variant, len).map(TupleVariant)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeStructVariant, S::Error> {
        self.0.serialize_struct(variant, len).map(StructVariant)
    }
}

struct TupleVariant<S>(S);

impl<S: SerializeTupleStruct> SerializeTupleVariant for TupleVariant<S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), S::Error> {
        self.0.serialize_field(value)
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.0.end()
    }
}

struct StructVariant<S>(S);

impl<S: SerializeStruct> SerializeStructVariant for StructVariant<S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, name: &'static str, value: &T) -> Result<(), S::Error> {
        self.0.serialize_field(name, value)
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.0.end()
    }
}
