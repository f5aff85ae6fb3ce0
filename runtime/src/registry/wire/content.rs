//! A value of any format, buffered until its type is known.

use std::fmt;

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};
use std::marker::PhantomData;

/// The values that a format can contain.
#[derive(Debug, Clone)]
pub(super) enum Content {
    Unit,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Unsigned128(u128),
    Signed128(i128),
    Float(f64),
    Char(char),
    Text(String),
    Bytes(Vec<u8>),
    Some(Box<Content>),
    Seq(Vec<Content>),
    Map(Vec<(Content, Content)>),
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any)
    }
}

struct Any;

macro_rules! visits {
    ($($method:ident($type:ty) $value:ident => $content:expr;)*) => {
        $(fn $method<E: Error>(self, $value: $type) -> Result<Content, E> {
            Ok($content)
        })*
    };
}

impl<'de> Visitor<'de> for Any {
    type Value = Content;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    visits! {
        visit_bool(bool) it => Content::Bool(it);
        visit_u64(u64) it => Content::Unsigned(it);
        visit_i64(i64) it => Content::Signed(it);
        visit_u128(u128) it => Content::Unsigned128(it);
        visit_i128(i128) it => Content::Signed128(it);
        visit_f64(f64) it => Content::Float(it);
        visit_char(char) it => Content::Char(it);
        visit_str(&str) it => Content::Text(it.to_owned());
        visit_string(String) it => Content::Text(it);
        visit_bytes(&[u8]) it => Content::Bytes(it.to_vec());
        visit_byte_buf(Vec<u8>) it => Content::Bytes(it);
    }

    fn visit_unit<E: Error>(self) -> Result<Content, E> {
        Ok(Content::Unit)
    }

    fn visit_none<E: Error>(self) -> Result<Content, E> {
        Ok(Content::Unit)
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Content, D::Error> {
        Ok(Content::Some(Box::new(Content::deserialize(inner)?)))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Content, D::Error> {
        Content::deserialize(inner)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Content, A::Error> {
        let mut all = Vec::new();
        while let Some(one) = seq.next_element()? {
            all.push(one);
        }
        Ok(Content::Seq(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Content, A::Error> {
        let mut all = Vec::new();
        while let Some(entry) = map.next_entry()? {
            all.push(entry);
        }
        Ok(Content::Map(all))
    }
}

impl Content {
    pub(super) fn reader<E>(self) -> Reader<E> {
        Reader(self, PhantomData)
    }
}

impl<E: Error> IntoDeserializer<'_, E> for Content {
    type Deserializer = Reader<E>;

    fn into_deserializer(self) -> Reader<E> {
        self.reader()
    }
}

/// Deserializes from the buffered value.
pub(super) struct Reader<E>(Content, PhantomData<E>);

impl<'de, E: Error> Deserializer<'de> for Reader<E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.0 {
            Content::Unit => visitor.visit_unit(),
            Content::Bool(it) => visitor.visit_bool(it),
            Content::Unsigned(it) => visitor.visit_u64(it),
            Content::Signed(it) => visitor.visit_i64(it),
            Content::Unsigned128(it) => visitor.visit_u128(it),
            Content::Signed128(it) => visitor.visit_i128(it),
            Content::Float(it) => visitor.visit_f64(it),
            Content::Char(it) => visitor.visit_char(it),
            Content::Text(it) => visitor.visit_string(it),
            Content::Bytes(it) => visitor.visit_byte_buf(it),
            Content::Some(it) => visitor.visit_some(it.reader()),
            Content::Seq(it) => {
                let mut seq = SeqDeserializer::new(it.into_iter());
                let value = visitor.visit_seq(&mut seq)?;
                seq.end().map(|()| value)
            }
            Content::Map(it) => {
                let mut map = MapDeserializer::new(it.into_iter());
                let value = visitor.visit_map(&mut map)?;
                map.end().map(|()| value)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.0 {
            Content::Unit => visitor.visit_none(),
            Content::Some(it) => visitor.visit_some(it.reader()),
            it => visitor.visit_some(it.reader()),
        }
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
        match self.0 {
            Content::Map(entries) => visitor.visit_enum(Variant::of(entries)?),
            name @ Content::Text(_) => visitor.visit_enum(Variant { name, content: Content::Unit, error: PhantomData }),
            _ => Err(E::invalid_type(Unexpected::Other("a value that is not a variant"), &"an enum")),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, E> {
        match self.0 {
            Content::Map(entries) if entries.is_empty() => visitor.visit_unit(),
            it => it.reader().deserialize_any(visitor),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit seq tuple tuple_struct
        map struct identifier ignored_any
    }
}

/// One entry of a map, as the variant of an enum.
pub(super) struct Variant<E> {
    name: Content,
    content: Content,
    error: PhantomData<E>,
}

impl<E: Error> Variant<E> {
    pub(super) fn of(entries: Vec<(Content, Content)>) -> Result<Self, E> {
        let count = entries.len();
        let mut entries = entries.into_iter();
        match (entries.next(), count) {
            (Some((name, content)), 1) => Ok(Variant { name, content, error: PhantomData }),
            _ => Err(E::invalid_length(count, &"one variant of an enum")),
        }
    }
}

impl<'de, E: Error> EnumAccess<'de> for Variant<E> {
    type Error = E;
    type Variant = Reader<E>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Reader<E>), E> {
        Ok((seed.deserialize(self.name.reader())?, self.content.reader()))
    }
}

impl<'de, E: Error> VariantAccess<'de> for Reader<E> {
    type Error = E;

    fn unit_variant(self) -> Result<(), E> {
        <()>::deserialize(self)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, E> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, E> {
        self.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, E> {
        self.deserialize_any(visitor)
    }
}
