//! `#[invalidates]`: what is invalidated, and when.

mod methods;
mod races;
mod surroundings;

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
