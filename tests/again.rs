//! `#[retry]` above other layers, theirs and ours: each attempt borrows the function's arguments again.

use async_trait::async_trait;
use festoon::{AsyncDecorator, Call, Decorated, Decorator, cached, decorate, retry, timed};
use futures::executor::block_on;
use std::cell::Cell;
use std::pin::Pin;
use std::sync::Arc;

type Outcome = Result<u32, String>;

/// The third call succeeds.
fn third(calls: usize) -> Outcome {
    if calls == 3 { Ok(3) } else { Err(format!("call {calls}")) }
}

async fn later<T>(value: T) -> T {
    std::future::ready(()).await;
    value
}

fn is_send<T: Send>(value: T) -> T {
    value
}

struct Pass;

impl<R> Decorator<R> for Pass {
    fn call(&self, _: Call<R>, next: impl FnOnce() -> R) -> R {
        next()
    }
}

impl<F: Future> AsyncDecorator<F> for Pass {
    async fn call(&self, _: Call<F::Output>, next: F) -> F::Output {
        next.await
    }
}

/// `Send`, but not `Sync`.
#[derive(Default)]
struct Shop {
    calls: Vec<u32>,
    _unsynchronised: Cell<u32>,
}

#[async_trait]
trait Load {
    async fn load(&mut self, url: String, (_, rest): (u32, String), cell: Cell<u32>) -> Outcome;
}

#[async_trait]
trait Share {
    async fn share(self: Arc<Self>, calls: &Cell32) -> Outcome;
}

type Cell32 = std::sync::atomic::AtomicU32;

fn count(calls: &Cell32) -> usize {
    calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed) as usize + 1
}

festoon::stack! { pub(crate) named = #[retry(wait = fixed(1ns))] #[timed] }

macro_rules! again {
    ($name:ident: $(#[$attr:meta])*) => {
        mod $name {
            use super::*;

            struct Shop(super::Shop);

            impl Shop {
                fn new() -> Self {
                    Shop(super::Shop::default())
                }

                fn call(&mut self) -> Outcome {
                    self.0.calls.push(1);
                    third(self.0.calls.len())
                }

                $(#[$attr])*
                fn sync(&mut self) -> Outcome {
                    self.call()
                }

                $(#[$attr])*
                async fn later(&mut self) -> Outcome {
                    later(self.call()).await
                }

                $(#[$attr])*
                async fn unsynchronised(&mut self, cell: Cell<u32>) -> Outcome {
                    let next = cell.get() + 1;
                    let next = later(next).await;
                    cell.set(next);
                    self.call().map(|_| cell.get())
                }

                $(#[$attr])*
                fn boxed<'a>(&'a mut self, text: String) -> Pin<Box<dyn Future<Output = Outcome> + Send + 'a>> {
                    Box::pin(async move {
                        let this = self;
                        later(this.call()).await.map(|n| n + u32::from(text.is_empty()))
                    })
                }
            }

            #[async_trait]
            impl Load for Shop {
                $(#[$attr])*
                async fn load(&mut self, url: String, (_, rest): (u32, String), cell: Cell<u32>) -> Outcome {
                    cell.set(cell.get() + 1);
                    later(self.call()).await.map(|n| n + u32::from(url == rest) + cell.get())
                }
            }

            struct Text(String);

            #[async_trait]
            impl Share for Text {
                $(#[$attr])*
                async fn share(self: Arc<Self>, calls: &Cell32) -> Outcome {
                    later(third(count(calls) + self.0.len())).await
                }
            }

            $(#[$attr])*
            fn owned(text: String, calls: &mut Vec<String>) -> Outcome {
                calls.push(text.clone());
                third(calls.len())
            }

            $(#[$attr])*
            async fn owned_later(text: String, calls: &mut Vec<String>) -> Outcome {
                calls.push(text.clone());
                later(third(calls.len())).await
            }

            #[test]
            fn each_attempt_borrows_anew() {
                assert_eq!((Shop::new().sync(), block_on(is_send(Shop::new().later()))), (Ok(3), Ok(3)));
                assert_eq!(block_on(is_send(Shop::new().unsynchronised(Cell::new(0)))), Ok(3));
                assert_eq!(block_on(Shop::new().boxed(String::new())), Ok(4));
                let load = (String::from("a"), (1, String::from("a")), Cell::new(0));
                assert_eq!(block_on(Shop::new().load(load.0, load.1, load.2)), Ok(7));
                assert_eq!(block_on(Arc::new(Text(String::new())).share(&Cell32::new(0))), Ok(3));
                let mut calls = Vec::new();
                assert_eq!((owned("a".into(), &mut calls), calls), (Ok(3), vec!["a".to_owned(); 3]));
                let mut calls = Vec::new();
                assert_eq!(block_on(is_send(owned_later("a".into(), &mut calls))), Ok(3));
                assert_eq!(calls.len(), 3);
            }
        }
    };
}

again!(alone: #[retry(wait = fixed(1ns))]);
again!(above_timed: #[retry(wait = fixed(1ns))] #[timed]);
again!(above_layer: #[retry(wait = fixed(1ns))] #[decorate(layer = Pass)]);
again!(between: #[timed] #[decorate(layer = Pass)] #[retry(wait = fixed(1ns))] #[decorate(layer = Pass)]);
again!(above_instrument: #[retry(wait = fixed(1ns))] #[timed] #[tracing::instrument(skip_all)]);
again!(above_instrument_that_looks: #[retry(wait = fixed(1ns))] #[tracing::instrument(skip_all, err, ret)]);
again!(by_a_named_stack: #[decorate(named!)]);

struct Block(Vec<u32>);

#[retry(wait = fixed(1ns))]
#[timed]
impl Block {
    fn sync(&mut self) -> Outcome {
        self.0.push(1);
        third(self.0.len())
    }

    async fn later(&mut self, text: String) -> Outcome {
        self.0.push(1);
        later(third(self.0.len() + text.len())).await
    }
}

#[test]
fn a_whole_block() {
    assert_eq!((Block(vec![]).sync(), block_on(Block(vec![]).later(String::new()))), (Ok(3), Ok(3)));
}

fn twice<A>(mut next: impl FnMut(A) -> u32, argument: A) -> u32
where
    A: Copy,
{
    next(argument);
    next(argument)
}

async fn twice_later(mut next: impl AsyncFnMut(u32) -> u32, n: u32) -> u32 {
    next(n).await;
    next(n).await
}

impl Block {
    #[decorate(twice)]
    #[timed]
    #[decorate(layer = Pass)]
    fn push(&mut self, n: u32) -> u32 {
        self.0.push(n);
        self.0.iter().sum()
    }

    #[decorate(twice_later)]
    #[timed]
    #[decorate(layer = Pass)]
    async fn push_later(&mut self, n: u32) -> u32 {
        self.0.push(later(n).await);
        self.0.iter().sum()
    }
}

#[test]
fn a_decorator_may_call_twice() {
    assert_eq!(Block(vec![]).push(4), 8);
    assert_eq!(block_on(Block(vec![]).push_later(5)), 10);
}

#[retry(wait = fixed(1ns), keep(found))]
fn kept(mut found: Vec<u32>, mut n: u32) -> Result<(usize, u32), u32> {
    n += 1;
    found.push(n);
    if found.len() == 2 { Ok((found.len(), n)) } else { Err(n) }
}

#[retry(wait = fixed(1ns), attempts = 2, clone(found))]
async fn cloned(mut found: Vec<u32>, (mut n, ref mut list): (u32, Vec<u32>)) -> Result<usize, usize> {
    n += 1;
    found.push(n);
    list.push(n);
    if list.len() == 2 { Ok(found.len()) } else { Err(list.len()) }
}

#[retry(wait = fixed(1ns))]
fn advanced(mut bytes: &mut [u8]) -> Result<usize, ()> {
    while let Some((first, rest)) = std::mem::take(&mut bytes).split_first_mut() {
        *first += 1;
        bytes = rest;
        if *first == 2 {
            return Ok(bytes.len());
        }
    }
    Err(())
}

#[test]
fn mut_arguments_start_anew() {
    assert_eq!(kept(vec![], 6), Ok((2, 7)));
    assert_eq!(block_on(cloned(vec![1], (1, vec![]))), Ok(2));
    assert_eq!(advanced(&mut [0; 4]), Ok(3));
}

#[retry(wait = fixed(1ns))]
#[cached]
fn taken_apart((name, mut calls): (String, u32), Pair(left, ref mut right): Pair) -> Option<u32> {
    calls += u32::from(name.is_empty());
    *right += 1;
    Some(calls + left + *right)
}

#[retry(wait = fixed(1ns))]
#[cached]
async fn taken_apart_later((name, _): (String, u32)) -> Option<usize> {
    Some(later(name.len()).await)
}

#[retry(wait = fixed(1ns))]
#[cached(ttl = 5m, stale = 1m)]
fn refreshed((name, n): (String, u32), text: String, rest: &str) -> Option<usize> {
    Some(name.len() + text.len() + rest.len() + n as usize)
}

#[timed]
#[cached(ttl = 5m, stale = 1m)]
fn refreshed_below(n: u32) -> u32 {
    n
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Pair(u32, u32);

#[test]
fn patterns_of_a_cached_function() {
    for _ in 0..2 {
        assert_eq!(taken_apart(("a".into(), 1), Pair(2, 3)), Some(7));
        assert_eq!(block_on(taken_apart_later(("ab".into(), 1))), Some(2));
        assert_eq!(refreshed(("ab".into(), 1), "c".into(), "d"), Some(5));
        assert_eq!(refreshed_below(3), 3);
    }
    assert_eq!((taken_apart.cache().info().misses, taken_apart_later.cache().info().misses), (1, 1));
    assert_eq!(taken_apart.cache().peek((("a".into(), 1), Pair(2, 3))), Some(Some(7)));
    assert!(taken_apart_later.cache().invalidate((("ab".into(), 1),)));
    assert_eq!(refreshed.cache().peek((("ab".into(), 1), "c".into(), "d")), Some(Some(5)));
    assert!(refreshed_below.cache().contains((3,)));
}

macro_rules! spelled_alike {
    ($name:ident) => {
        #[retry(wait = fixed(1ns), clone(name))]
        fn used_up($name: String, name: String) -> Option<String> {
            let used = name;
            Some(used + &$name)
        }

        #[cached(skip(name))]
        fn skipped($name: u32, name: u32) -> u32 {
            $name + name
        }

        #[cached(key = $name)]
        fn chosen($name: u32, name: u32) -> u32 {
            $name + name
        }
    };
}

spelled_alike!(name);

#[test]
fn of_two_names_spelled_alike_the_one_that_is_meant() {
    assert_eq!(used_up("a".into(), "b".into()).as_deref(), Some("ba"));
    assert_eq!((skipped(1, 2), skipped(1, 3), skipped(2, 3)), (3, 3, 5));
    assert_eq!((chosen(1, 2), chosen(1, 3), chosen(2, 3)), (3, 3, 5));
}
