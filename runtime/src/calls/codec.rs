//! How arguments and results become bytes: as `MessagePack`, with the names of fields.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::options;

/// How many values a value may be inside of.
const DEEPEST: usize = 256;

type Reader<'b> = rmp_serde::Deserializer<rmp_serde::decode::ReadRefReader<'b, [u8]>>;
type Encode<T> = fn(&T, &mut Vec<u8>) -> Result<(), rmp_serde::encode::Error>;
type Decode<T> = fn(&mut Reader<'_>) -> Result<T, rmp_serde::decode::Error>;

/// How to encode and decode one type. Function pointers, so that an unsuitable type is reported only once.
pub struct Codec<T> {
    encode: Encode<T>,
    decode: Decode<T>,
}

/// That of a type.
pub(crate) const fn codec<T: Serialize + DeserializeOwned>() -> Codec<T> {
    Codec { encode: encode::<T>, decode: decode::<T> }
}

/// What would be read as something else is an error.
fn encode<T: Serialize>(value: &T, into: &mut Vec<u8>) -> Result<(), rmp_serde::encode::Error> {
    options::check(value).map_err(|error| rmp_serde::encode::Error::Syntax(error.to_string()))?;
    rmp_serde::encode::write_named(into, value)
}

/// A reader of values that are at most so deep that no stack overflows.
fn reader(bytes: &[u8]) -> Reader<'_> {
    let mut reader = Reader::from_read_ref(bytes);
    reader.set_max_depth(DEEPEST);
    reader
}

fn decode<T: DeserializeOwned>(from: &mut Reader<'_>) -> Result<T, rmp_serde::decode::Error> {
    T::deserialize(from)
}

/// How to encode, decode and make the result of a function whose calls may fail with an `E`.
pub struct Outcome<R, E> {
    codec: Codec<R>,
    pub(crate) failed: fn(E) -> R,
}

/// That of a function with this return type.
pub(crate) const fn outcome<R: Serialize + DeserializeOwned, E>(failed: fn(E) -> R) -> Outcome<R, E> {
    Outcome { codec: codec(), failed }
}

impl<R, E> Outcome<R, E> {
    pub(crate) fn encode(&self, result: &R) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        (self.codec.encode)(result, &mut bytes).map_err(|error| format!("the result: {error}"))?;
        Ok(bytes)
    }

    pub(crate) fn decode(&self, bytes: &[u8]) -> Result<R, String> {
        let read = (self.codec.decode)(&mut reader(bytes));
        read.map_err(|error| format!("the result: {error}"))
    }
}

/// How to encode and decode all arguments of a function, up to twelve.
pub trait Codecs {
    type Values;
    type References<'a>
    where
        Self: 'a;

    /// # Errors
    /// If an argument cannot be encoded.
    fn encode(&self, values: Self::References<'_>, into: &mut Vec<u8>) -> Result<(), rmp_serde::encode::Error>;

    /// # Errors
    /// If an argument cannot be decoded.
    fn decode(&self, from: &[u8]) -> Result<Self::Values, rmp_serde::decode::Error>;
}

/// The bytes of the arguments, if there are as many as expected: another version of the function may have sent them.
fn counted(count: u8, bytes: &[u8]) -> Result<&[u8], rmp_serde::decode::Error> {
    match bytes.split_first() {
        Some((found, rest)) if *found == count => Ok(rest),
        found => {
            let found = found.map_or(0, |(found, _)| *found);
            let message = format!("the function has {count}, and got {found}");
            Err(rmp_serde::decode::Error::Syntax(message))
        }
    }
}

/// A function of such arguments.
pub trait Work<Arguments> {
    type Output;

    fn run(self, arguments: Arguments) -> Self::Output;
}

macro_rules! arguments {
    ($count:literal $($argument:ident $codec:ident $value:ident)*) => {
        impl<$($argument),*> Codecs for ($(Codec<$argument>,)*) {
            type Values = ($($argument,)*);
            type References<'a> = ($(&'a $argument,)*) where Self: 'a;

            #[allow(unused_variables, reason = "without arguments")]
            fn encode(&self, values: Self::References<'_>, into: &mut Vec<u8>) -> Result<(), rmp_serde::encode::Error> {
                into.push($count);
                let (($($codec,)*), ($($value,)*)) = (self, values);
                $(($codec.encode)($value, into)?;)*
                Ok(())
            }

            #[allow(unused_variables, unused_mut, reason = "without arguments")]
            fn decode(&self, from: &[u8]) -> Result<Self::Values, rmp_serde::decode::Error> {
                let mut from = reader(counted($count, from)?);
                let ($($codec,)*) = self;
                Ok(($(($codec.decode)(&mut from)?,)*))
            }
        }

        impl<Run: FnOnce($($argument),*) -> R, R, $($argument),*> Work<($($argument,)*)> for Run {
            type Output = R;

            fn run(self, ($($value,)*): ($($argument,)*)) -> R {
                self($($value),*)
            }
        }
    };
}

arguments!(0);
arguments!(1 A a1 a2);
arguments!(2 A a1 a2 B b1 b2);
arguments!(3 A a1 a2 B b1 b2 C c1 c2);
arguments!(4 A a1 a2 B b1 b2 C c1 c2 D d1 d2);
arguments!(5 A a1 a2 B b1 b2 C c1 c2 D d1 d2 E e1 e2);
arguments!(6 A a1 a2 B b1 b2 C c1 c2 D d1 d2 E e1 e2 F f1 f2);
arguments!(7 A a1 a2 B b1 b2 C c1 c2 D d1 d2 E e1 e2 F f1 f2 G g1 g2);
arguments!(8 A a1 a2 B b1 b2 C c1 c2 D d1 d2 E e1 e2 F f1 f2 G g1 g2 H h1 h2);
arguments!(9 A a1 a2 B b1 b2 C c1 c2 D d1 d2 E e1 e2 F f1 f2 G g1 g2 H h1 h2 I i1 i2);
arguments!(10 A a1 a2 B b1 b2 C c1 c2 D d1 d2 E e1 e2 F f1 f2 G g1 g2 H h1 h2 I i1 i2 J j1 j2);
arguments!(11 A a1 a2 B b1 b2 C c1 c2 D d1 d2 E e1 e2 F f1 f2 G g1 g2 H h1 h2 I i1 i2 J j1 j2 K k1 k2);
arguments!(12 A a1 a2 B b1 b2 C c1 c2 D d1 d2 E e1 e2 F f1 f2 G g1 g2 H h1 h2 I i1 i2 J j1 j2 K k1 k2 L l1 l2);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_number_of_arguments_is_an_error() {
        let (one, two) = ((codec::<u32>(),), (codec::<u32>(), codec::<u32>()));
        let mut bytes = Vec::new();
        two.encode((&1, &2), &mut bytes).unwrap();
        assert_eq!(two.decode(&bytes).unwrap(), (1, 2));
        assert!(one.decode(&bytes).unwrap_err().to_string().contains("the function has 1, and got 2"));
        assert!(().decode(&bytes).is_err() && one.decode(&[]).is_err());
    }
}
