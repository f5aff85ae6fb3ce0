//! `#[invalidates]`: what is forgotten, and when.

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::rc::Rc;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, OnceLock};
use std::task::{Context, Poll, Waker};

use festoon::cache::Removal;
use festoon::{Decorated, Memo, cached, invalidates, retry, timed};
use futures::executor::block_on;

#[test]
fn one_value_of_one_function_and_all_of_another() {
    #[cached]
    fn get(id: u32) -> u32 {
        id
    }
    #[cached]
    fn list(page: u32) -> u32 {
        page
    }
    #[invalidates(get(id), list)]
    fn save(id: u32) -> &'static str {
        "saved"
    }

    (0..4).for_each(|n| assert_eq!((get(n), list(n)), (n, n)));
    assert_eq!(save(2), "saved");
    assert_eq!([0, 1, 2, 3].map(|n| get.cache().contains((n,))), [true, true, false, true]);
    assert_eq!((list.cache().info().len, list.cache().info().misses), (0, 4), "the counters stay");
}

#[test]
fn several_values_of_one_function() {
    #[cached]
    fn balance(account: &str) -> usize {
        account.len()
    }
    #[invalidates(balance(from), balance(&to))]
    fn transfer(from: &str, to: String) -> String {
        drop(from.to_owned());
        to
    }

    for account in ["a", "b", "c"] {
        balance(account);
    }
    assert_eq!(transfer("a", "b".into()), "b");
    assert_eq!(["a", "b", "c"].map(|account| balance.cache().contains((account,))), [false, false, true]);
}

#[test]
fn arguments_may_be_used_up_by_the_body_and_given_away_by_the_key() {
    #[cached]
    fn length(name: String, other: &[u8]) -> usize {
        name.len() + other.len()
    }
    #[invalidates(length(name.clone(), &bytes[1..]))]
    fn consume(name: String, bytes: Vec<u8>) -> usize {
        drop(bytes);
        name.into_bytes().len()
    }
    #[invalidates(length(name, &[]))]
    fn only_for_the_key(name: String) {}

    length("ab".into(), &[2]);
    length("cd".into(), &[]);
    assert_eq!(consume("ab".into(), vec![1, 2]), 2);
    assert!(!length.cache().contains(("ab".into(), &[2])));
    assert!(length.cache().contains(("cd".into(), &[])));
    only_for_the_key("cd".into());
    assert!(!length.cache().contains(("cd".into(), &[])));
}

#[test]
fn however_the_call_ends() {
    #[cached]
    fn get(id: u32) -> u32 {
        id
    }
    #[invalidates(get(id))]
    fn save(id: u32) -> Result<(), String> {
        if id == 1 {
            Err("no such thing".to_owned())?;
        }
        assert_ne!(id, 2, "two");
        if id == 3 {
            return Ok(());
        }
        Ok(())
    }

    for id in 0..5 {
        get(id);
        let ended = catch_unwind(|| save(id));
        assert_eq!((ended.is_err(), ended.is_ok_and(|value| value.is_err())), (id == 2, id == 1));
        assert!(!get.cache().contains((id,)), "{id}");
    }
}

type Saved = Result<u32, String>;

#[test]
fn on_demand_only_when_it_succeeds() {
    #[cached]
    fn get(id: u32) -> u32 {
        id
    }
    #[invalidates(get(id), when = ok)]
    fn save(id: u32) -> Saved {
        match id {
            0 => return Ok(id),
            1 => Err("one".to_owned())?,
            2 => panic!("two"),
            _ => {}
        }
        Ok(id)
    }
    #[invalidates(get(id), when = ok)]
    fn plain(id: u32) -> Option<u32> {
        assert_ne!(id, 2, "two");
        None
    }

    let kept = |write: &dyn Fn(u32)| {
        [0, 1, 2, 3].map(|id| {
            get(id);
            let _ = catch_unwind(AssertUnwindSafe(|| write(id)));
            get.cache().contains((id,))
        })
    };
    assert_eq!(kept(&|id| drop(save(id))), [false, true, true, false]);
    assert_eq!(kept(&|id| assert_eq!(plain(id), None)), [false, false, true, false]);
}

#[test]
fn async_functions_and_cancelled_ones() {
    #[cached]
    async fn get(id: u32) -> u32 {
        id
    }
    #[invalidates(get(id))]
    async fn save(id: u32) -> Result<u32, String> {
        std::future::ready(()).await;
        if id == 1 { pending().await } else { Ok(id) }
    }
    #[invalidates(get(id), when = ok)]
    async fn save_or_not(id: u32) -> Result<u32, String> {
        std::future::ready(()).await;
        match id {
            0 => return Err("none".to_owned()),
            1 => pending().await,
            _ => Ok(id),
        }
    }

    let fill = || block_on(async { (get(0).await, get(1).await, get(2).await) });
    let kept = || [0, 1, 2].map(|id| get.cache().contains((id,)));
    let cancelled =
        |future: &mut dyn FnMut(&mut Context<'_>) -> bool| assert!(future(&mut Context::from_waker(Waker::noop())));

    fill();
    drop(save(0));
    assert_eq!(kept(), [true; 3], "nothing has run");
    assert_eq!(block_on(save(0)), Ok(0));
    assert_eq!(kept(), [false, true, true]);
    cancelled(&mut |context| pin!(save(1)).poll(context).is_pending());
    assert_eq!(kept(), [false, false, true]);

    fill();
    cancelled(&mut |context| pin!(save_or_not(1)).poll(context).is_pending());
    assert!(block_on(save_or_not(0)).is_err());
    assert_eq!(kept(), [true; 3]);
    assert_eq!(block_on(save_or_not(2)), Ok(2));
    assert_eq!(kept(), [true, true, false]);
}

#[test]
fn the_key_is_made_before_and_the_value_forgotten_after() {
    thread_local! {
        static STEPS: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
    }
    fn step(name: &'static str) {
        STEPS.with_borrow_mut(|steps| steps.push(name));
    }
    struct Local;
    impl Drop for Local {
        fn drop(&mut self) {
            step("the body's locals");
        }
    }
    #[cached]
    fn get(id: u32) -> u32 {
        id
    }
    fn key(id: u32) -> u32 {
        step("key");
        id
    }
    #[invalidates(get(key(id)))]
    fn save(id: u32) {
        let _local = Local;
        step("body");
    }

    get(1);
    get.cache().on_removal(|_: &(u32,), _: &u32, why| {
        assert_eq!(why, Removal::Invalidated);
        step("forgotten");
    });
    save(1);
    assert_eq!(STEPS.take(), ["key", "body", "the body's locals", "forgotten"]);
}

#[test]
fn a_run_that_is_under_way_is_not_kept() {
    let (begun, wait_begun) = channel();
    let (go, wait_go) = channel();
    type Ends = (std::sync::mpsc::Sender<()>, std::sync::mpsc::Receiver<()>);
    static ENDS: Mutex<Option<Ends>> = Mutex::new(None);
    *ENDS.lock().unwrap() = Some((begun, wait_go));
    #[cached]
    fn get(id: u32) -> u32 {
        if let Some((begun, go)) = ENDS.lock().unwrap().take() {
            begun.send(()).unwrap();
            go.recv().unwrap();
            return 0;
        }
        id
    }
    #[invalidates(get(id))]
    fn save(id: u32) {}

    std::thread::scope(|scope| {
        let reader = scope.spawn(|| get(7));
        wait_begun.recv().unwrap();
        save(7);
        go.send(()).unwrap();
        assert_eq!(reader.join().unwrap(), 0);
    });
    assert!(!get.cache().contains((7,)));
    assert_eq!(get(7), 7);
}

#[test]
fn a_first_read_that_races_with_the_write_is_not_kept() {
    #[cached]
    fn get(id: u32) -> u32 {
        id
    }
    #[cached]
    fn other(id: u32) -> u32 {
        id
    }
    #[invalidates(get(id), other)]
    fn save(id: u32) {
        // Before the write.
        assert_eq!((get(id), get(id + 1), other(id)), (id, id + 1, id));
    }

    save(3);
    assert_eq!((get.cache().info().len, other.cache().info().len), (0, 0));
    assert_eq!((get(3), get(4)), (3, 4));
    save(3);
    assert_eq!([3, 4].map(|id| get.cache().contains((id,))), [false, true], "now there is a key");
}

#[test]
fn values_of_all_threads() {
    #[cached(scope = thread)]
    fn get(id: u32) -> u32 {
        id
    }
    #[invalidates(get(id))]
    fn save(id: u32) {}

    get(1);
    let (go, wait) = channel();
    let (ready, until_ready) = channel();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            get(1);
            ready.send(()).unwrap();
            wait.recv().unwrap();
            get(1);
        });
        until_ready.recv().unwrap();
        save(1);
        go.send(()).unwrap();
    });
    get(1);
    assert_eq!((get.cache().info().hits, get.cache().info().misses), (0, 4));
}

#[test]
fn values_of_a_store_outside() {
    static AT: OnceLock<std::path::PathBuf> = OnceLock::new();
    #[cached(store = disk(AT.get().unwrap()))]
    fn get(id: u32) -> u32 {
        id
    }
    #[cached(store = tiered(memory(max = 10), disk(AT.get().unwrap())))]
    fn tiered(id: u32) -> u32 {
        id
    }
    #[invalidates(get(id), tiered)]
    fn save(id: u32) {}

    let folder = std::env::temp_dir().join(format!("festoon-invalidates-{}", std::process::id()));
    AT.set(folder.join("cache.redb")).unwrap();
    (0..3).for_each(|id| assert_eq!((get(id), tiered(id)), (id, id)));
    save(1);
    assert_eq!([0, 1, 2].map(|id| get.cache().contains((id,))), [true, false, true]);
    assert_eq!([0, 1, 2].map(|id| tiered.cache().contains((id,))), [false; 3]);
    assert_eq!((tiered.cache().info().misses, tiered.cache().info().store_errors), (3, 0));
    std::fs::remove_dir_all(folder).unwrap();
}

#[derive(Default)]
struct Account {
    balance: u32,
    memo: Memo,
}

impl Account {
    #[cached(scope = instance, field = memo)]
    fn with(&self, more: u32) -> u32 {
        self.balance + more
    }

    #[invalidates(Self::with(self, 1))]
    fn set(&mut self, balance: u32) {
        self.balance = balance;
    }
}

#[test]
fn values_of_one_instance() {
    let (mut one, two) = (Account::default(), Account::default());
    one.set(3);
    assert_eq!((one.with(1), one.with(2), two.with(1)), (4, 5, 1));
    one.set(5);
    assert_eq!((one.with(1), one.with(2), two.with(1)), (6, 5, 1), "the second one is not named");
    assert_eq!((Account::with.cache().info().hits, Account::with.cache().info().misses), (2, 4));
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Shop {
    id: u32,
    discount: u32,
}

trait Prices {
    fn of_trait(&self, n: u32) -> u32;
    fn set_of_trait(&mut self, n: u32);
    #[cached]
    fn provided(&self, n: u32) -> u32
    where
        Self: Clone + Eq + std::hash::Hash + Send + Sync + 'static,
    {
        n
    }
    #[invalidates(Self::provided(self, n), Self::of_trait(self, n))]
    fn set_provided(&self, n: u32)
    where
        Self: Clone + Eq + std::hash::Hash + Send + Sync + 'static,
    {
    }
}

impl Shop {
    #[cached(key = (self.id, sku))]
    fn price(&self, sku: &str) -> usize {
        sku.len()
    }

    #[invalidates(Self::price(self, sku))]
    fn set(&mut self, sku: &str) {
        self.discount += 1;
    }

    #[invalidates(Shop::price(&self, sku))]
    fn take(self, sku: &str) -> Shop {
        self
    }

    #[invalidates(Shop::price(&self, &sku), Self::price)]
    async fn later(self: Arc<Self>, sku: String) {
        drop(sku);
    }
}

impl Prices for Shop {
    #[cached]
    fn of_trait(&self, n: u32) -> u32 {
        n
    }

    #[invalidates(<Shop as Prices>::of_trait(self, n))]
    fn set_of_trait(&mut self, n: u32) {
        self.discount = n;
    }
}

#[test]
fn methods_and_methods_of_traits() {
    let mut shop = Shop { id: 1, discount: 0 };
    let is_kept = |sku| Shop::price.cache().contains((&Shop { id: 1, discount: 9 }, sku));
    assert_eq!((shop.price("tea"), shop.price("milk")), (3, 4));
    shop.set("tea");
    assert_eq!((is_kept("tea"), is_kept("milk")), (false, true));
    let mut shop = shop.take("milk");
    assert!(!is_kept("milk"));
    shop.price("tea");
    block_on(Arc::new(shop.clone()).later("tea".into()));
    assert!(!is_kept("tea"));

    let before = shop.clone();
    assert_eq!((shop.of_trait(3), shop.provided(3), shop.provided(4)), (3, 3, 4));
    shop.set_of_trait(3);
    assert!(!<Shop as Prices>::of_trait.cache().contains((&before, 3)));
    assert_eq!(before.of_trait(3), 3);
    before.provided(3);
    before.set_provided(3);
    let provided = [3, 4].map(|n| <Shop as Prices>::provided.cache().contains((&before, n)));
    assert_eq!((provided, <Shop as Prices>::of_trait.cache().contains((&before, 3))), ([false, true], false));
}

#[test]
fn generic_functions() {
    #[cached]
    fn parse<T>(text: &str) -> Option<T>
    where
        T: std::str::FromStr + Clone + Send + Sync + 'static,
    {
        text.parse().ok()
    }
    #[invalidates(parse::<u32>(text))]
    fn numbers(text: &str) {}
    #[invalidates(parse::<T>(text))]
    fn of<T>(text: &str)
    where
        T: std::str::FromStr + Clone + Send + Sync + 'static,
    {
    }

    let kept = || (parse::<u32>.cache().contains(("7",)), parse::<String>.cache().contains(("7",)));
    assert_eq!((parse::<u32>("7"), parse::<String>("7")), (Some(7), Some("7".into())));
    numbers("7");
    assert_eq!(kept(), (false, true));
    parse::<u32>("7");
    of::<String>("7");
    assert_eq!(kept(), (true, false));
}

#[test]
fn a_function_whose_types_cannot_be_named_loses_one_value_too() {
    #[cached(key = shown.to_string())]
    fn show(shown: impl std::fmt::Display) -> String {
        shown.to_string()
    }
    #[invalidates(show(n))]
    fn save(n: u32) {}

    let runs = || festoon::cache::all().iter().find(|cache| cache.name().contains("show<u32>")).unwrap().info();
    (0_u32..4).for_each(|n| assert_eq!(show(n), n.to_string()));
    save(2);
    assert_eq!((runs().len, runs().misses), (3, 4));
    assert_eq!((show(2_u32), runs().misses), ("2".to_owned(), 5));
}

#[test]
fn above_retry_once_and_below_it_each_time() {
    #[cached]
    fn get(id: u32) -> u32 {
        id
    }
    thread_local! {
        static TRIES: Cell<u32> = const { Cell::new(0) };
        static SEEN: RefCell<Vec<bool>> = const { RefCell::new(Vec::new()) };
    }
    fn write(id: u32) -> Result<u32, String> {
        SEEN.with_borrow_mut(|seen| seen.push(get.cache().contains((id,))));
        get(id);
        let tries = TRIES.replace(TRIES.get() + 1);
        if tries.is_multiple_of(2) { Err("again".to_owned()) } else { Ok(tries) }
    }
    #[timed]
    #[invalidates(get(id), when = ok)]
    #[retry(wait = fixed(1ns))]
    fn above(id: u32) -> Result<u32, String> {
        write(id)
    }
    #[retry(wait = fixed(1ns))]
    #[invalidates(get(id))]
    #[timed]
    fn below(id: u32) -> Result<u32, String> {
        write(id)
    }

    get(1);
    assert_eq!(above(1), Ok(1));
    assert_eq!((SEEN.take(), get.cache().contains((1,))), (vec![true, true], false));
    get(1);
    assert_eq!(below(1), Ok(3));
    assert_eq!((SEEN.take(), get.cache().contains((1,))), (vec![true, false], false));
    assert_eq!((above.timing().calls(), below.timing().calls()), (1, 2));
}

#[test]
fn a_cached_function_may_invalidate_too() {
    #[cached]
    fn get(id: u32) -> u32 {
        id
    }
    #[cached]
    #[invalidates(get(id))]
    fn only_runs(id: u32) -> u32 {
        id
    }
    #[invalidates(get(id))]
    #[cached]
    fn hits_too(id: u32) -> u32 {
        id
    }

    let kept_after = |call: fn(u32) -> u32| {
        get(5);
        call(5);
        get.cache().contains((5,))
    };
    assert_eq!((kept_after(only_runs), kept_after(only_runs)), (false, true));
    assert_eq!((kept_after(hits_too), kept_after(hits_too)), (false, false));
}

#[cached]
fn rates() -> u32 {
    1
}

struct Bank;

#[invalidates(rates)]
impl Bank {
    fn one(&self) {}

    #[invalidates(rates(), when = ok)]
    async fn two(&mut self) -> Result<(), ()> {
        Err(())
    }

    #[festoon::skip]
    fn three(&self) {}
}

#[test]
fn a_whole_block() {
    let kept_after = |call: &dyn Fn()| {
        rates();
        call();
        rates.cache().contains(())
    };
    let all = [
        kept_after(&|| Bank.one()),
        kept_after(&|| assert!(block_on(Bank.two()).is_err())),
        kept_after(&|| Bank.three()),
    ];
    assert_eq!(all, [false, true, true]);
}

#[test]
fn futures_stay_send_and_static_and_others_need_not_be() {
    #[cached]
    async fn get(id: &str, n: u32) -> u32 {
        n
    }
    #[invalidates(get(&id, 3), get)]
    async fn save(id: String) {
        tokio::task::yield_now().await;
    }
    #[invalidates(get("a", *n), when = ok)]
    async fn local(n: Rc<u32>) -> u32 {
        poll_fn(|_| Poll::Ready(())).await;
        *n
    }
    fn spawned<F: Future + Send + 'static>(future: F) -> F {
        future
    }

    block_on(get("a", 3));
    block_on(spawned(save("a".to_owned())));
    assert!(!get.cache().contains(("a", 3)));
    block_on(get("a", 4));
    assert_eq!(block_on(local(Rc::new(4))), 4);
    assert!(!get.cache().contains(("a", 4)));
}

#[test]
fn a_listener_that_panics_does_not_keep_the_other_values() {
    #[cached]
    fn one() -> u32 {
        1
    }
    #[cached]
    fn two() -> u32 {
        2
    }
    #[invalidates(one, two)]
    fn save(fails: bool) {
        assert!(!fails, "the body's own");
    }
    fn message(fails: bool) -> Option<String> {
        let payload = catch_unwind(|| save(fails)).err()?;
        payload
            .downcast_ref::<&str>()
            .map(ToString::to_string)
            .or_else(|| payload.downcast::<String>().ok().map(|text| *text))
    }

    one();
    one.cache().on_removal(|(): &(), _: &u32, _| panic!("a listener's"));
    for (fails, told) in [(false, "a listener's"), (true, "the body's own")] {
        assert_eq!((one(), two()), (1, 2));
        assert_eq!(message(fails).as_deref(), Some(told));
        assert_eq!((one.cache().info().len, two.cache().info().len), (0, 0));
    }
    assert_eq!(message(false), None);
}

#[test]
fn caches_of_a_test_stay_its_own() {
    #[cached]
    fn get(id: u32) -> u32 {
        id
    }
    #[invalidates(get(id), get)]
    async fn save(id: u32) {
        get(id);
        pending::<()>().await;
    }

    get(1);
    let fresh = festoon::testing::fresh_caches();
    let mut future = Box::pin(save(1));
    assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    assert_eq!(get.cache().info().len, 1);
    // On a thread that knows nothing of the test's caches.
    std::thread::scope(|scope| scope.spawn(move || drop(future)).join().unwrap());
    assert_eq!(get.cache().info().len, 0);
    drop(fresh);
    assert!(get.cache().contains((1,)));
}

mod elsewhere {
    pub use festoon as toolkit;
}

#[test]
fn the_crate_may_have_another_name_and_functions_other_places() {
    mod inner {
        #[festoon::cached]
        pub(super) fn get(id: u32) -> u32 {
            id
        }
    }
    #[invalidates(crate = elsewhere::toolkit, inner::get((id)), when = ok)]
    fn save((id, _): (u32, u32)) {}

    inner::get(1);
    save((1, 2));
    assert!(!inner::get.cache().contains((1,)));
}

#[test]
fn functions_made_by_a_macro() {
    macro_rules! writers {
        ($($name:ident: $read:path, $argument:expr;)*) => { $(
            #[invalidates($read($argument))]
            fn $name() {}
        )* };
    }
    #[cached]
    fn get(id: u32) -> u32 {
        id
    }
    writers! {
        first: get, 1;
        second: get, 1 + 1;
    }

    assert_eq!((get(1), get(2)), (1, 2));
    first();
    assert_eq!([1, 2].map(|id| get.cache().contains((id,))), [false, true]);
    second();
    assert_eq!(get.cache().info().len, 0);
}
