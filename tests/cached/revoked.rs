//! Runs and refreshes whose value is stale before they end: they do not overwrite the effect of `invalidate`, `insert`,
//! `clear`, `#[invalidates]` or a later refresh, wherever values are stored.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use festoon::{Decorated, cached, invalidates};

use super::server::{self, Server, given, other_process};

/// What is true. A run reads it when it begins.
struct Truth {
    value: AtomicU64,
    /// What happens to the cache while a run is under way.
    meanwhile: AtomicU64,
}

const NOTHING: u64 = 0;
const INVALIDATE: u64 = 1;
const INSERT: u64 = 2;
const CLEAR: u64 = 3;
const REFRESH: u64 = 4;
const WRITE_ONE: u64 = 5;
const WRITE_ALL: u64 = 6;
const CLEAR_TAGGED: u64 = 7;

static REDIS: OnceLock<String> = OnceLock::new();
static TIERED: OnceLock<String> = OnceLock::new();

fn start(at: &OnceLock<String>) -> Option<Server> {
    let server = server::start()?;
    at.set(server.url()).unwrap();
    Some(server)
}

fn address(at: &OnceLock<String>) -> String {
    at.get().unwrap().clone()
}

/// Gone with the test.
struct Gone(PathBuf);

impl Drop for Gone {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn file() -> PathBuf {
    std::env::temp_dir().join(format!("festoon-revoked-{}.redb", std::process::id()))
}

macro_rules! revoked {
    ($name:ident, $start:expr, $tag:literal, $($store:tt)*) => {
        #[test]
        fn $name() {
            static TRUTH: Truth = Truth { value: AtomicU64::new(1), meanwhile: AtomicU64::new(NOTHING) };

            #[cached(store = $($store)*, tags($tag))]
            fn value(n: u64) -> u64 {
                let value = TRUTH.value.load(SeqCst);
                meanwhile(n);
                value
            }
            #[invalidates(value(n))]
            fn write_one(n: u64) -> u64 {
                n
            }
            #[invalidates(value)]
            fn write_all() {}

            fn meanwhile(n: u64) {
                let meanwhile = TRUTH.meanwhile.swap(NOTHING, SeqCst);
                if meanwhile == NOTHING {
                    return;
                }
                TRUTH.value.fetch_add(1, SeqCst);
                // From another thread: this one computes the value.
                std::thread::scope(|scope| {
                    let other = scope.spawn(|| match meanwhile {
                        INVALIDATE => _ = value.cache().invalidate((n,)),
                        INSERT => value.cache().insert((n,), TRUTH.value.load(SeqCst)),
                        CLEAR => value.cache().clear(),
                        REFRESH => _ = value.cache().refresh((n,)),
                        WRITE_ONE => _ = write_one(n),
                        WRITE_ALL => write_all(),
                        CLEAR_TAGGED => _ = festoon::cache::clear_tagged($tag),
                        other => unreachable!("{other}"),
                    });
                    other.join().unwrap();
                });
            }

            let Some(_server) = $start else { return };
            assert_eq!((value(0), value.cache().peek((0,))), (1, Some(1)));
            for what in [INVALIDATE, INSERT, CLEAR, REFRESH, WRITE_ONE, WRITE_ALL, CLEAR_TAGGED] {
                for refresh in [false, true] {
                    let n = what * 2 + u64::from(refresh);
                    if refresh {
                        value(n);
                    }
                    let before = TRUTH.value.load(SeqCst);
                    TRUTH.meanwhile.store(what, SeqCst);
                    // The caller gets what was true when the run began.
                    assert_eq!(if refresh { value.cache().refresh((n,)) } else { value(n) }, before, "{what}");
                    let kept = value.cache().peek((n,));
                    let expected = matches!(what, INSERT | REFRESH).then_some(before + 1);
                    assert_eq!(kept, expected, "{what}, refresh: {refresh}");
                    assert_eq!(value(n), before + 1, "{what}, refresh: {refresh}");
                }
            }
            assert_eq!(value.cache().info().store_errors, 0);
        }
    };
}

revoked!(on_redis, start(&REDIS), "revoked on redis", redis(address(&REDIS), timeout = 20s));
revoked!(tiered, start(&TIERED), "revoked in tiers", tiered(memory, redis(address(&TIERED), timeout = 20s)));
revoked!(on_disk, Some(Gone(file())), "revoked on disk", disk(file()));

#[cached(store = redis(given().unwrap(), timeout = 20s))]
fn cleared_within(n: u64) -> u64 {
    if n == 2 {
        std::thread::scope(|scope| scope.spawn(festoon::cache::clear_all).join().unwrap());
    }
    n
}

/// In a process of its own: it would clear what other tests use.
#[test]
fn clearing_child() {
    if given().is_none() {
        return;
    }
    let are_kept = || [1, 2].map(|n| cleared_within.cache().contains((n,)));
    assert_eq!((cleared_within(1), are_kept()), (1, [true, false]));
    assert_eq!((cleared_within(2), are_kept()), (2, [false, false]));
    assert_eq!(cleared_within.cache().info().store_errors, 0);
}

#[test]
fn clearing_all_caches_revokes_what_is_under_way() {
    let Some(server) = server::start() else { return };
    let output = other_process("cached::revoked::clearing_child", &server.url(), None).wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    assert!(server.names().is_empty());
}
