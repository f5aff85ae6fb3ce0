use std::fmt::Debug;
use std::hash::Hash;

use festoon::cached;

#[cached]
fn a<T: Debug + Copy + Eq>(values: &[T]) -> usize {
    values.len()
}

#[cached]
fn b<T>(n: u32) -> Option<T>
where
    T: Default + Send,
{
    (n > 0).then(T::default)
}

#[cached]
fn c<T: Clone + Ord + Hash + Send + Sync + 'static>(value: &T, _list: Vec<T>) -> Vec<T> {
    vec![value.clone()]
}

fn main() {}
