//! Options that `MessagePack` cannot hold: it writes `None` and `()` alike, and nothing around the value of a `Some`, so
//! that `Some(None)` would be read as `None`.

use std::fmt::{Debug, Display, Formatter};

use serde::ser::{
    Error, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

/// Why a value is refused.
#[derive(Debug)]
pub(crate) struct Refused(String);

impl Display for Refused {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

impl Error for Refused {
    fn custom<T: Display>(message: T) -> Self {
        Refused(message.to_string())
    }
}

/// Looks through a value.
///
/// # Errors
/// If it contains the `Some` of a `None` or of a `()`, or if its own `Serialize` fails.
pub(crate) fn check<T: Serialize + ?Sized>(value: &T) -> Result<(), Refused> {
    value.serialize(Check).map(drop)
}

/// Is it written as `nil`?
#[derive(PartialEq)]
enum Written {
    Nil,
    Other,
}

/// Writes nothing.
#[derive(Clone, Copy)]
struct Check;

macro_rules! other {
    ($($name:ident: $type:ty),* $(,)?) => { $(
        fn $name(self, _: $type) -> Result<Written, Refused> {
            Ok(Written::Other)
        }
    )* };
}

impl Serializer for Check {
    type Ok = Written;
    type Error = Refused;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    other! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_i128: i128, serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64,
        serialize_u128: u128, serialize_f32: f32, serialize_f64: f64, serialize_char: char, serialize_str: &str,
        serialize_bytes: &[u8], serialize_unit_struct: &'static str,
    }

    fn serialize_none(self) -> Result<Written, Refused> {
        Ok(Written::Nil)
    }

    fn serialize_unit(self) -> Result<Written, Refused> {
        Ok(Written::Nil)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Written, Refused> {
        if value.serialize(self)? == Written::Nil {
            let why =
                "the `Some` of a `None` or of `()` would be read as `None`: use an enum instead of the outer option";
            return Err(Refused(why.to_owned()));
        }
        Ok(Written::Other)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Result<Written, Refused> {
        Ok(Written::Other)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Written, Refused> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<Written, Refused> {
        value.serialize(self).map(|_| Written::Other)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Refused> {
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, Refused> {
        Ok(self)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Refused> {
        Ok(self)
    }

    fn serialize_tuple_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Self, Refused> {
        Ok(self)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, Refused> {
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Refused> {
        Ok(self)
    }

    fn serialize_struct_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Self, Refused> {
        Ok(self)
    }

    fn collect_str<T: Display + ?Sized>(self, _: &T) -> Result<Written, Refused> {
        Ok(Written::Other)
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}

macro_rules! elements {
    ($($trait:ident::$name:ident($($key:ty)?)),* $(,)?) => { $(
        impl $trait for Check {
            type Ok = Written;
            type Error = Refused;

            fn $name<T: Serialize + ?Sized>(&mut self, $(_: $key,)? value: &T) -> Result<(), Refused> {
                check(value)
            }

            fn end(self) -> Result<Written, Refused> {
                Ok(Written::Other)
            }
        }
    )* };
}

elements! {
    SerializeSeq::serialize_element(), SerializeTuple::serialize_element(), SerializeTupleStruct::serialize_field(),
    SerializeTupleVariant::serialize_field(), SerializeStruct::serialize_field(&'static str),
    SerializeStructVariant::serialize_field(&'static str),
}

impl SerializeMap for Check {
    type Ok = Written;
    type Error = Refused;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Refused> {
        check(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Refused> {
        check(value)
    }

    fn end(self) -> Result<Written, Refused> {
        Ok(Written::Other)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(serde::Serialize)]
    struct Newtype(Option<u8>);

    #[derive(serde::Serialize)]
    enum Tree {
        Leaf(Option<()>),
        Node { left: Option<Box<Tree>> },
    }

    #[test]
    fn options_that_would_collapse_are_found_wherever_they_are() {
        assert!(check(&Some(None::<u8>)).is_err());
        assert!(check(&Some(())).is_err());
        assert!(check(&Some(Newtype(None))).is_err());
        assert!(check(&(1, [Some(Some(None::<u8>))])).is_err());
        assert!(check(&BTreeMap::from([(1, Some(()))])).is_err());
        let leaf = Tree::Leaf(Some(()));
        assert!(check(&Tree::Node { left: Some(Box::new(leaf)) }).is_err());
        assert!(check(&Ok::<_, ()>(Some(None::<u8>))).is_err());
    }

    #[test]
    fn others_pass() {
        assert!(check(&Some(Some(1))).is_ok());
        assert!(check(&None::<Option<u8>>).is_ok());
        assert!(check(&Ok::<Option<u8>, ()>(None)).is_ok());
        assert!(check(&Some(Newtype(Some(1)))).is_ok());
        assert!(check(&Tree::Node { left: None }).is_ok());
        assert!(check(&Some(Ok::<(), u8>(()))).is_ok());
        assert!(check(&(vec![(), ()], "text", [0_u8; 3], Some(Vec::<()>::new()))).is_ok());
    }
}
