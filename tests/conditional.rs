//! `#[cfg]` on parameters: a parameter that is disabled does not exist for any decorator either.

use festoon::{Decorated, Interned, cached, decorate, interned, invalidates, offload, retry, timed};
use futures::executor::block_on;
use std::time::Duration;

#[cached]
fn kept(#[cfg(any())] _absent: Missing, #[cfg(not(any()))] n: u32) -> u32 {
    n + 1
}

#[cached(ttl = 5m, stale = 1m)]
fn stale(#[cfg(any())] absent: Missing, n: u32) -> u32 {
    n + 2
}

#[retry(wait = fixed(1ns))]
fn again(#[cfg(any())] mut absent: Missing, mut n: u32, #[cfg(not(any()))] list: &mut Vec<u32>) -> Result<u32, u32> {
    n += 1;
    list.push(n);
    if list.len() == 2 { Ok(n) } else { Err(n) }
}

fn twice(next: impl Fn(u32) -> u32, n: u32) -> u32 {
    next(next(n))
}

#[decorate(twice)]
fn add(#[cfg(any())] absent: Missing, n: u32) -> u32 {
    n + 10
}

#[decorate(|next, n| next(n) + 1)]
fn closure(n: u32, #[cfg_attr(all(), cfg(any()), allow(unused, reason = "absent"))] absent: Missing) -> u32 {
    n
}

#[offload(pool = tokio)]
fn away(#[cfg(any())] absent: &mut Missing, n: u32) -> u32 {
    n + 5
}

#[interned]
fn text(#[cfg(any())] absent: Missing, n: u32) -> Interned<u32> {
    n
}

#[timed]
#[invalidates(kept(n))]
async fn later(#[cfg(not(any()))] n: u32, #[cfg(any())] absent: Missing) -> Result<u32, u32> {
    Ok(n)
}

struct Shop;

#[timed]
impl Shop {
    #[retry]
    #[allow(clippy::unused_self, reason = "that there is a `self` is the point")]
    fn price(&self, #[cfg(not(all()))] absent: Missing, #[cfg_attr(any(), cfg(any()))] n: u32) -> Option<u32> {
        Some(n)
    }
}

#[test]
fn an_absent_parameter_is_absent() {
    assert_eq!((kept(1), kept(1), kept.cache().info().hits), (2, 2, 1));
    assert_eq!((stale(1), stale(1), stale.cache().info().hits), (3, 3, 1));
    let mut list = Vec::new();
    assert_eq!((again(7, &mut list), list), (Ok(8), vec![8, 8]));
    assert_eq!((add(1), closure(1)), (21, 2));
    assert_eq!((*text(5), block_on(later(4))), (5, Ok(4)));
    assert_eq!((Shop.price(9), Shop::price.timing().calls()), (Some(9), 1));
    assert!(Shop::price.timing().max() < Duration::from_secs(9));
}

#[tokio::test]
async fn also_where_the_function_becomes_async() {
    assert_eq!(away(1).await, 6);
}
