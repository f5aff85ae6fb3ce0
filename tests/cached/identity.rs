//! Which function a handle refers to: exactly this one, even if another one has its path. The function is not run.

mod refused;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use festoon::cache::Removal;
use festoon::{Decorated, Memo, cached, decorate, invalidates, retry, testing, timed};
use futures::executor::block_on;

use super::{Runs, panics};

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Id(String);

/// A key that shows `self` in a text: each value of `self` has a key of its own, and the handle makes the same one.
macro_rules! shows_self {
    ($name:ident, $($options:tt)*) => {
        impl Id {
            #[cached(key = format!("{self:?}/{self:>40?}"), $($options)*)]
            fn $name(&self) -> String {
                self.0.clone()
            }
        }
    };
}

shows_self!(in_process, max = 9);
shows_self!(in_thread, scope = thread);

struct Shop {
    id: Id,
    memo: Memo,
}

impl Shop {
    #[cached(scope = instance, field = memo, key = format!("{n}"))]
    fn in_instance(&self, n: u32) -> String {
        format!("{}{n}", self.id.0)
    }
}

#[test]
fn a_key_may_show_self_in_every_scope() {
    for f in [Id::in_process as fn(&Id) -> String, Id::in_thread] {
        let long = |text: &str| Id(text.repeat(100));
        assert_eq!((f(&long("a")), f(&long("b")), f(&long("a"))), (long("a").0, long("b").0, long("a").0));
    }
    let (a, b) = (Id("a".repeat(100)), Id("c".to_owned()));
    assert!(Id::in_process.cache().contains((&a,)) && !Id::in_process.cache().contains((&b,)));
    assert!(Id::in_thread.cache().contains((&a,)) && !Id::in_thread.cache().contains((&b,)));
    assert_eq!(Id::in_thread.cache().peek((&a,)), Some(a.0.clone()));
    let shop = Shop { id: b, memo: Memo::new() };
    assert_eq!(
        (shop.in_instance(1), Shop::in_instance.cache().peek((&shop, 1))),
        ("c1".to_owned(), Some("c1".to_owned()))
    );
}

#[test]
fn functions_of_one_path_have_nothing_to_do_with_each_other() {
    let first = {
        #[cached]
        fn get(id: u32) -> u32 {
            id
        }
        assert_eq!(get(1), 1);
        get as fn(u32) -> u32
    };
    #[cached]
    fn get(id: u32) -> u32 {
        100 + id
    }
    assert!(!get.cache().contains((1,)), "the other one has been called");
    get.cache().insert((1,), 7);
    assert_eq!((first(1), get(1)), (1, 7));
    assert!(get.cache().invalidate((1,)) && !get.cache().contains((1,)));
    assert_eq!((first(1), get(1)), (1, 101));

    #[invalidates(get(id))]
    fn save(id: u32) {}
    get.cache().insert((1,), 8);
    save(1);
    assert_eq!(get(1), 101, "its own one is forgotten");
    assert_eq!(get.cache().refresh((1,)), 101);
}

#[test]
fn what_takes_no_arguments_reaches_all_that_it_may_mean() {
    macro_rules! made {
        ($($runs:ident)*) => {[$({
            static $runs: Runs = Runs::new();
            #[cached]
            fn made(n: u32) -> u32 {
                n + $runs.one()
            }
            assert_eq!((made(10), made(10)), (11, 11));
            made as fn(u32) -> u32
        }),*]};
    }

    let all = made!(A B C);
    let rows: Vec<_> =
        festoon::cache::all().into_iter().filter(|cache| cache.name().ends_with("it_may_mean::made")).collect();
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| (row.info().hits, row.info().len) == (1, 1)));
    assert!(rows.iter().all(|row| row.location().unwrap().0.ends_with("identity.rs")));
    assert_eq!(rows[0].crate_version(), Some(env!("CARGO_PKG_VERSION")));
    festoon::cache::all()
        .into_iter()
        .filter(|cache| cache.name().ends_with("it_may_mean::made"))
        .for_each(|cache| cache.clear());
    assert_eq!(all.map(|made| made(10)), [12; 3]);
}

#[test]
fn two_of_one_path_are_told_apart_by_their_lines() {
    {
        #[cached]
        fn twin(n: u32) -> u32 {
            n
        }
        twin(1);
    }
    #[cached]
    fn twin(n: u32) -> u32 {
        n
    }
    twin(1);
    twin(1);

    let is_here = |name: &str| name.ends_with("::two_of_one_path_are_told_apart_by_their_lines::twin");
    let rows: Vec<_> = festoon::cache::all().into_iter().filter(|cache| is_here(cache.name())).collect();
    assert_eq!(rows.iter().map(|row| row.info().hits).collect::<Vec<_>>(), [0, 1]);
    assert!(rows[0].location().unwrap().1 < rows[1].location().unwrap().1);
    assert_eq!(twin.cache().info().misses, 2, "both, as long as it has not been asked");
    assert!(twin.cache().contains((1,)));
    assert_eq!((twin.cache().info().misses, twin.cache().info().hits), (1, 1), "now it is known which one it is");
}

#[test]
fn a_short_lived_argument_never_comes_to_the_key_of_another_function() {
    static KEPT: std::sync::Mutex<Vec<&'static str>> = std::sync::Mutex::new(Vec::new());
    fn keep(text: &'static str) -> usize {
        KEPT.lock().unwrap().push(text);
        text.len()
    }
    {
        #[cached(key = keep(s))]
        fn length(s: &'static str) -> usize {
            s.len()
        }
        length("static");
    }
    #[cached]
    fn length(s: &str) -> usize {
        s.len()
    }

    for text in ["short".repeat(20), "other".repeat(20)] {
        assert!(!length.cache().contains((&text,)));
        length.cache().insert((&text,), 1);
        assert_eq!(length(&text), 1);
    }
    assert_eq!(KEPT.lock().unwrap().as_slice(), ["static"]);
}

static RUNS: Runs = Runs::new();
static AROUND: AtomicU32 = AtomicU32::new(0);

fn around(next: impl FnOnce(u32) -> Result<u32, String>, n: u32) -> Result<u32, String> {
    AROUND.fetch_add(1, SeqCst);
    next(n)
}

#[timed]
#[retry(attempts = 3, wait = fixed(1ms))]
#[decorate(around)]
#[cached]
fn charge(n: u32) -> Result<u32, String> {
    RUNS.one();
    if n == 0 { Err("nothing".to_owned()) } else { Ok(n) }
}

#[timed]
#[retry(attempts = 3, wait = fixed(1ms))]
#[cached(ttl = 5m)]
async fn charge_later((n, _part): (u32, u8), _unused: &str) -> Result<u32, String> {
    RUNS.one();
    std::future::ready(Ok(n)).await
}

#[test]
fn a_handle_runs_neither_the_body_nor_what_stands_above_the_cache() {
    let ran = || (RUNS.count(), AROUND.load(SeqCst), charge.timing().calls(), charge.retries().calls);
    let handle = charge.cache();
    handle.insert((7,), Ok(70));
    assert!(handle.contains((7,)) && !handle.contains((8,)) && !handle.invalidate((8,)));
    assert_eq!(handle.peek((7,)), Some(Ok(70)));
    handle.insert((8,), Err("not kept".to_owned()));
    assert!(handle.invalidate((7,)) && handle.peek((7,)).is_none());
    #[invalidates(charge(n))]
    fn save(n: u32) {}
    save(9);
    assert_eq!(ran(), (0, 0, 0, 0));

    assert_eq!(charge(1), Ok(1));
    assert_eq!(ran(), (1, 1, 1, 1));
    handle.insert((1,), Ok(11));
    assert!(handle.contains((1,)) && handle.invalidate((1,)) && handle.peek((2,)).is_none());
    assert_eq!(ran(), (1, 1, 1, 1));
    assert_eq!(handle.refresh((1,)), Ok(1));
    assert_eq!(ran(), (2, 2, 2, 2), "a refresh is a call");
}

#[test]
fn nor_does_that_of_an_async_function() {
    let ran = || (charge_later.timing().calls(), charge_later.retries().calls);
    let handle = charge_later.cache();
    assert!(!handle.contains(((7, 1), "")));
    handle.insert(((7, 0), ""), Ok(70));
    let text = "short".to_owned();
    handle.insert(((8, 0), &text), Ok(80));
    assert_eq!((handle.peek(((7, 0), "")), handle.peek(((7, 1), ""))), (Some(Ok(70)), None));
    assert_eq!(ran(), (0, 0));
    assert_eq!(block_on(charge_later((7, 0), "")), Ok(70));
    assert!(handle.invalidate(((7, 0), "")) && !handle.invalidate(((7, 0), "")));
    assert_eq!(ran(), (1, 1));
}

/// Below a layer that calls again the arguments are there as the pattern takes them apart. What it passes over, no body sees.
#[test]
fn what_a_pattern_passes_over_is_no_part_of_the_key_below_a_retry() {
    #[retry(attempts = 2, wait = fixed(1ms))]
    #[cached]
    fn below((n, _): (u32, u8)) -> Result<u32, String> {
        RUNS.one();
        Ok(n)
    }
    let handle = below.cache();
    assert_eq!((below((50, 1)), below((50, 2)), below((51, 1))), (Ok(50), Ok(50), Ok(51)));
    assert_eq!((handle.info().misses, handle.contains(((50, 3),)), handle.contains(((52, 1),))), (2, true, false));
}

#[test]
fn a_handle_of_a_function_that_is_not_cached_says_so() {
    fn plain(_: u32) -> u32 {
        unreachable!("it is not called")
    }
    #[timed]
    fn only_timed(_: u32) -> u32 {
        unreachable!("it is not called")
    }
    #[invalidates(plain(1))]
    fn save() {}

    let says = |ask: &mut dyn FnMut()| assert!(panics(ask).contains("is not `#[cached]`"));
    says(&mut || assert!(!plain.cache().contains((1,))));
    says(&mut || plain.cache().insert((1,), 1));
    says(&mut || assert!(!only_timed.cache().invalidate((1,))));
    says(&mut || plain.cache().clear());
    says(&mut || assert_eq!(plain.cache().info().hits, 0));
    says(&mut save);
    assert_eq!(only_timed.timing().calls(), 0);
}

trait Prices {
    #[cached]
    fn provided(&self, n: u32) -> u32
    where
        Self: Clone + Eq + std::hash::Hash + Send + Sync + 'static,
    {
        n
    }
    fn of_all(&self, n: u32) -> u32;
}

impl<T: Clone + Eq + std::hash::Hash + Send + Sync + 'static> Prices for [T; 2] {
    #[cached]
    fn of_all(&self, n: u32) -> u32 {
        n
    }
}

#[test]
fn every_kind_of_function_is_known_to_be_decorated() {
    struct Generic<T>(T);
    impl<T: Clone + Eq + std::hash::Hash + Send + Sync + 'static> Generic<Vec<T>> {
        #[cached]
        fn made(n: u32) -> u32 {
            n + u32::try_from(size_of::<T>()).unwrap()
        }
    }
    #[cached]
    fn of<const N: usize, T: Send>(n: u32) -> u32 {
        n
    }
    let closure = || {
        #[cached]
        async fn inside(n: u32) -> u32 {
            n
        }
        assert!(!inside.cache().contains((1,)));
    };
    closure();
    assert!(!Generic::<Vec<u8>>::made.cache().contains((1,)) && !of::<3, &str>.cache().contains((1,)));
    assert_eq!((Generic::<Vec<u8>>::made(1), Generic::<Vec<u16>>::made(1)), (2, 3));
    assert!(!<[u8; 2] as Prices>::provided.cache().contains((&[1, 2], 1)));
    assert!(!<[u8; 2] as Prices>::of_all.cache().contains((&[1, 2], 1)));
    assert_eq!(drop(Generic(1).0), ());
}

struct Server<M> {
    memo: M,
    runs: AtomicU32,
}

/// One memo, whatever it stands behind.
macro_rules! behind {
    ($name:ident, $memo:ty, $new:expr) => {{
        impl Server<$memo> {
            #[cached(scope = instance, field = memo)]
            fn $name(&self, n: u32) -> u32 {
                n + self.runs.fetch_add(1, SeqCst)
            }

            #[invalidates(Self::$name(self, n))]
            fn save(&self, n: u32) {}
        }

        let server = Server::<$memo> { memo: $new, runs: AtomicU32::new(0) };
        assert_eq!((server.$name(10), server.$name(10)), (10, 10));
        let handle = Server::<$memo>::$name.cache();
        assert!(handle.contains((&server, 10)));
        assert_eq!(handle.peek((&server, 10)), Some(10));
        server.save(10);
        assert!(!handle.contains((&server, 10)));
        assert_eq!(server.$name(10), 11);
        handle.insert((&server, 10), 99);
        assert_eq!((server.$name(10), server.memo.len()), (99, 1));
        assert!(handle.invalidate((&server, 10)));
    }};
}

#[test]
fn a_memo_is_one_whatever_it_stands_behind() {
    behind!(in_arc, Arc<Memo>, Arc::new(Memo::new()));
    behind!(in_box, Box<Memo>, Box::new(Memo::new()));
    behind!(behind_reference, &'static Memo, Box::leak(Box::new(Memo::new())));
    behind!(behind_two, Arc<Box<Memo>>, Arc::new(Box::new(Memo::new())));

    #[derive(Clone)]
    struct AppState {
        memo: Arc<Memo>,
    }
    impl AppState {
        #[cached(scope = instance, field = memo)]
        fn shared(&self, n: u32) -> u32 {
            n
        }
    }
    let state = AppState { memo: Arc::default() };
    let request = state.clone();
    assert_eq!((state.shared(1), request.shared(1), AppState::shared.cache().info().hits), (1, 1, 1));
}
