//! Whole blocks, `Send`, listeners, tests, other names of the crate.

use super::*;

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
