//! Functions of every kind.

use super::*;

#[timed]
extern "C" fn c_abi(n: u8) -> u8 {
    n + 1
}

#[test]
fn the_abi_is_kept() {
    let function: extern "C" fn(u8) -> u8 = c_abi;
    assert_eq!(function(1), 2);
}

#[timed]
#[track_caller]
fn here() -> u32 {
    Location::caller().line()
}

#[timed]
#[track_caller]
fn here_result() -> Result<u32, String> {
    Ok(Location::caller().line())
}

#[test]
fn the_caller_is_still_tracked() {
    assert_eq!((here(), here_result()), (line!(), Ok(line!())));
}

#[timed]
fn largest<T, const N: usize>(numbers: [T; N]) -> Option<T>
where
    T: Ord + Copy,
    [T; N]: Sized,
{
    numbers.iter().copied().max()
}

struct Array<const N: usize>([u8; N]);

#[timed]
fn sized(array: Array<{ 1 + 1 }>) -> Array<{ 3 - 1 }> {
    array
}

#[test]
fn generics_have_one_row() {
    assert_eq!((largest([1, 3, 2]), largest(["a", "b"])), (Some(3), Some("b")));
    assert_eq!(largest::<u8, 3>.timing().calls(), 2);
    assert_eq!(sized(Array([1, 2])).0, [1, 2]);
}

#[timed]
fn fib(mut n: u64) -> u64 {
    if n < 2 {
        return n;
    }
    n -= 1;
    fib(n) + fib(n - 1)
}

#[timed]
fn deep(n: u32) -> Result<u32, String> {
    if n == 0 { Ok(0) } else { Ok(deep(n - 1)? + 1) }
}

#[test]
fn recursion() {
    assert_eq!((fib(10), deep(1000)), (55, Ok(1000)));
    assert_eq!((fib.timing().calls(), deep.timing().calls()), (177, 1001));
}

#[timed]
fn inner_attributes() -> u8 {
    #![allow(unused_variables, reason = "that nobody reads it is the point")]
    #![allow(clippy::let_unit_value, reason = "as a user may write it")]
    let unused = 1;
    2
}

#[timed]
async fn inner_attributes_later() -> Result<u8, ()> {
    #![allow(unused_variables, reason = "that nobody reads it is the point")]
    let unused = 1;
    Ok(2)
}

#[timed]
fn braces_first() -> u8 {
    {}
    1
}

#[timed]
fn nothing() {}

#[timed]
async fn nothing_later() {}

#[test]
fn odd_bodies() {
    assert_eq!((inner_attributes(), now(inner_attributes_later()), braces_first()), (2, Ok(2), 1));
    nothing();
    now(nothing_later());
    assert_eq!((nothing.timing().calls(), nothing_later.timing().calls()), (1, 1));
}
