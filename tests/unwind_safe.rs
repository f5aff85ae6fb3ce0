//! Everything that may cross a `catch_unwind` without a decorator may do so with one.

use std::panic::{RefUnwindSafe, UnwindSafe, catch_unwind};

use festoon::{Memo, cached, invalidates, offload, registry, retry, timed};

fn crosses<T: UnwindSafe>(_: &T) {}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
struct Shop {
    memo: Memo,
    town: String,
}

impl Shop {
    fn of(town: &str) -> Self {
        Shop { memo: Memo::new(), town: town.to_owned() }
    }

    #[cached(scope = instance, field = memo)]
    fn letters(&self, least: usize) -> usize {
        assert!(self.town.len() >= least, "too short");
        self.town.len()
    }
}

#[test]
fn a_struct_with_a_memo_does_and_works_after_a_panic() {
    fn both<T: UnwindSafe + RefUnwindSafe>(_: &T) {}

    let shop = Shop::of("Oslo");
    both(&shop);
    assert!(catch_unwind(|| shop.letters(9)).is_err());
    assert_eq!((shop.letters(1), shop.letters(1), shop.memo.len()), (4, 4, 1));
}

#[test]
fn the_memo_has_no_say_in_an_order() {
    let (oslo, rome) = (Shop::of("Oslo"), Shop::of("Rome"));
    oslo.letters(0);
    assert!(oslo < rome);
    assert_eq!(oslo.cmp(&Shop::of("Oslo")), std::cmp::Ordering::Equal);
}

#[registry]
trait Codec {}

#[test]
fn a_registry_does() {
    let codecs = <dyn Codec>::registry();
    assert_eq!(catch_unwind(|| codecs.contains("gzip")).ok(), Some(false));
}

mod asynchronous {
    use super::*;

    #[retry]
    async fn retried(n: u32) -> Option<u32> {
        std::future::ready(Some(n)).await
    }

    #[retry(timeout = 1s, wait = [std::time::Duration::ZERO], on_give_up = |()| ())]
    async fn limited(n: u32) -> Option<u32> {
        std::future::ready(Some(n)).await
    }

    #[timed(warn_over = 1s, args(n))]
    async fn measured(n: u32) -> Option<u32> {
        std::future::ready(Some(n)).await
    }

    #[invalidates(retried_now)]
    async fn writing(n: u32) -> Option<u32> {
        std::future::ready(Some(n)).await
    }

    #[invalidates(retried_now(n), when = ok)]
    async fn writing_ok(n: u32) -> Option<u32> {
        std::future::ready(Some(n)).await
    }

    #[cached]
    async fn kept(n: u32) -> u32 {
        std::future::ready(n).await
    }

    #[cached(ttl = 5m, stale = 1m)]
    async fn refreshed(n: u32) -> u32 {
        std::future::ready(n).await
    }

    #[cached(store = disk(std::env::temp_dir().join("festoon-unwind-safe.redb")))]
    async fn outside(n: u32) -> u32 {
        std::future::ready(n).await
    }

    #[timed(span)]
    async fn spanned(n: u32) -> u32 {
        std::future::ready(n).await
    }

    #[cached]
    fn retried_now(n: u32) -> u32 {
        n
    }

    #[offload]
    fn elsewhere(n: u32) -> u32 {
        n
    }

    #[test]
    fn futures_do() {
        crosses(&retried(1));
        crosses(&limited(1));
        crosses(&measured(1));
        crosses(&writing(1));
        crosses(&writing_ok(1));
        crosses(&elsewhere(1));
        crosses(&kept(1));
        crosses(&refreshed(1));
        crosses(&outside(1));
        crosses(&spanned(1));
    }
}
