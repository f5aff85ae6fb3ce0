//! Reads a value by the name of its type.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::content::{Content, Variant};
use super::write::VALUE;
use super::{Tagging, Wired};
use crate::registry::Entry;

/// Deserializes a value by the name of its type.
///
/// # Errors
/// If the name is missing or unknown, and the errors of the format and of the type.
pub fn deserialize<'de, T: ?Sized + Wired, D: Deserializer<'de>>(deserializer: D) -> Result<Box<T>, D::Error> {
    match T::TAGGING {
        Tagging::External => deserializer.deserialize_map(Externally(PhantomData)),
        Tagging::Internal(tag) => deserializer.deserialize_map(Internally(tag, PhantomData)),
        Tagging::Adjacent(fields) => deserializer.deserialize_struct(T::NAME, fields, Adjacently(fields, PhantomData)),
    }
}

type Found<T> = &'static Entry<T>;

/// The entry of a name.
fn find<T: ?Sized + Wired, E: Error>(name: &str) -> Result<Found<T>, E> {
    T::registry().find(name).map_err(E::custom)
}

/// The entry of `#[registry(default = ..)]`, if the tag is missing.
fn default<T: ?Sized + Wired, E: Error>(tag: &'static str) -> Result<Found<T>, E> {
    T::RULES.default.map_or_else(|| Err(E::missing_field(tag)), find)
}

/// Reads a name.
struct Name<T: ?Sized>(PhantomData<fn() -> Box<T>>);

impl<'de, T: ?Sized + Wired> DeserializeSeed<'de> for Name<T> {
    type Value = Found<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found<T>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<T: ?Sized + Wired> Visitor<'_> for Name<T> {
    type Value = Found<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the name of a `dyn {}`", T::NAME)
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Found<T>, E> {
        find(name)
    }
}

/// Reads the value of an entry.
struct Of<T: ?Sized + Wired>(Found<T>);

impl<'de, T: ?Sized + Wired> DeserializeSeed<'de> for Of<T> {
    type Value = Box<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Box<T>, D::Error> {
        let Some(read) = self.0.read else {
            return Err(D::Error::custom(format_args!("`{}` cannot be deserialized", self.0.name())));
        };
        read(&mut <dyn erased_serde::Deserializer>::erase(deserializer)).map_err(D::Error::custom)
    }
}

struct Externally<T: ?Sized>(PhantomData<fn() -> Box<T>>);

impl<'de, T: ?Sized + Wired> Visitor<'de> for Externally<T> {
    type Value = Box<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a map from the name of a `dyn {}` to its value", T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Box<T>, A::Error> {
        match map.next_key_seed(Name(PhantomData))? {
            Some(found) => map.next_value_seed(Of(found)),
            None => Err(A::Error::invalid_length(0, &self)),
        }
    }
}

struct Internally<T: ?Sized>(&'static str, PhantomData<fn() -> Box<T>>);

impl<'de, T: ?Sized + Wired> Visitor<'de> for Internally<T> {
    type Value = Box<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a `dyn {}` with its name in `{}`", T::NAME, self.0)
    }

    /// If the tag comes first, nothing is buffered.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Box<T>, A::Error> {
        let tag = self.0;
        let mut before = Vec::new();
        let found = loop {
            match map.next_key_seed(Key(&[tag]))? {
                Some(Ok(_)) => break map.next_value_seed(Name(PhantomData))?,
                Some(Err(other)) => before.push((Content::Text(other), map.next_value()?)),
                None => break default(tag)?,
            }
        };
        if before.is_empty() {
            return Of(found).deserialize(Rest(map));
        }
        while let Some((key, value)) = map.next_entry()? {
            before.push((Content::Text(key), value));
        }
        Of(found).deserialize(Kept(before, PhantomData))
    }
}

/// Reads a key: the index of one of these, or its text.
#[derive(Clone, Copy)]
struct Key<'k>(&'k [&'static str]);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Result<usize, String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Result<usize, String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().position(|known| *known == key).ok_or_else(|| key.to_owned()))
    }
}

/// The entries after the tag, read one by one.
struct Rest<A>(A);

impl<'de, A: MapAccess<'de>> Rest<A> {
    fn kept(mut self) -> Result<Kept<A::Error>, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, value)) = self.0.next_entry()? {
            entries.push((Content::Text(key), value));
        }
        Ok(Kept(entries, PhantomData))
    }
}

/// All buffered entries: a map, or one value.
struct Kept<E>(Vec<(Content, Content)>, PhantomData<E>);

impl<E: Error> Kept<E> {
    /// A value that is not a map has its own key.
    fn value(self) -> Result<Content, E> {
        let is_it = |(key, _): &(Content, Content)| matches!(key, Content::Text(key) if key == VALUE);
        self.0.into_iter().find(is_it).map(|(_, value)| value).ok_or_else(|| E::missing_field(VALUE))
    }
}

macro_rules! forward {
    ($($method:ident($($argument:ident: $type:ty),*))*) => {
        $(fn $method<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value, Self::Error> {
            self.kept()?.$method($($argument,)* visitor)
        })*
    };
    (value $($method:ident($($argument:ident: $type:ty),*))*) => {
        $(fn $method<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value, Self::Error> {
            self.value()?.reader().$method($($argument,)* visitor)
        })*
    };
}

/// The methods for everything that is not a map.
macro_rules! values {
    ($($how:ident)?) => {
        forward! { $($how)?
            deserialize_bool() deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64() deserialize_i128()
            deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64() deserialize_u128() deserialize_f32()
            deserialize_f64() deserialize_char() deserialize_str() deserialize_string() deserialize_bytes()
            deserialize_byte_buf() deserialize_seq() deserialize_tuple(len: usize) deserialize_identifier()
            deserialize_tuple_struct(name: &'static str, len: usize)
        }
    };
}

impl<'de, A: MapAccess<'de>> Deserializer<'de> for Rest<A> {
    type Error = A::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_map(self.0)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_map(self.0)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        visitor.visit_map(self.0)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_newtype_struct(self)
    }

    values!();
    forward! {
        deserialize_unit()
        deserialize_unit_struct(name: &'static str)
        deserialize_option()
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
        deserialize_ignored_any()
    }
}

impl<'de, E: Error> Deserializer<'de> for Kept<E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        Content::Map(self.0).reader().deserialize_any(visitor)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, E> {
        visitor.visit_unit()
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        if self.0.is_empty() { visitor.visit_none() } else { visitor.visit_some(self.value()?.reader()) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, E> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, E> {
        visitor.visit_enum(Variant::of(self.0)?)
    }

    values!(value);
    serde::forward_to_deserialize_any! { map struct ignored_any }
}

struct Adjacently<T: ?Sized>(&'static [&'static str; 2], PhantomData<fn() -> Box<T>>);

impl<'de, T: ?Sized + Wired> Visitor<'de> for Adjacently<T> {
    type Value = Box<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a `dyn {}` with its name in `{}` and its value in `{}`", T::NAME, self.0[0], self.0[1])
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Box<T>, A::Error> {
        let [tag, content] = *self.0;
        let (mut found, mut kept, mut made) = (None, None, None);
        while let Some(key) = map.next_key_seed(Key(self.0))? {
            match (key, found) {
                (Ok(0), Some(_)) => return Err(A::Error::duplicate_field(tag)),
                (Ok(0), None) => found = Some(map.next_value_seed(Name(PhantomData))?),
                (Ok(_), _) if kept.is_some() || made.is_some() => return Err(A::Error::duplicate_field(content)),
                (Ok(_), Some(found)) => made = Some(map.next_value_seed(Of(found))?),
                (Ok(_), None) => kept = Some(map.next_value::<Content>()?),
                (Err(_), _) => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        match (made, found, kept) {
            (Some(made), ..) => Ok(made),
            // A type without content may also omit the key.
            (None, Some(found), kept) => Of(found).deserialize(kept.unwrap_or(Content::Unit).reader()),
            (None, None, Some(kept)) => Of(default(tag)?).deserialize(kept.reader()),
            (None, None, None) => Err(A::Error::missing_field(tag)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Box<T>, A::Error> {
        let found = seq.next_element_seed(Name(PhantomData))?.ok_or_else(|| A::Error::invalid_length(0, &self))?;
        seq.next_element_seed(Of(found))?.ok_or_else(|| A::Error::invalid_length(1, &self))
    }
}
