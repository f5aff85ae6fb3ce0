//! The functions under attack: everywhere that a value can be kept, sync and async.

use std::path::PathBuf;
use std::sync::OnceLock;

use festoon::{Decorated, Memo, cached, invalidates};

use super::driver::Run;
use super::flight::{Kind, Subject, attended};
use super::log::{Answer, Log, Reading};
use super::proxy::Proxy;
use super::server::{self, Server};

/// Behind a wire. `None` where there is no Redis.
fn behind_a_wire(at: &OnceLock<String>) -> Option<(Server, Proxy)> {
    let server = server::start()?;
    let proxy = Proxy::to(server.port());
    at.set(proxy.url()).unwrap();
    Some((server, proxy))
}

fn file(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("festoon-attack-{name}-{}.redb", std::process::id()))
}

/// Gone with the attack.
struct Gone(PathBuf);

impl Drop for Gone {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The functions of one name: what an attack calls.
macro_rules! functions {
    (sync, [$($options:tt)*]) => {
        static LOG: Log = Log::new();

        #[cached($($options)*)]
        fn value(key: usize) -> Answer {
            LOG.body(key)
        }
        #[invalidates(value(key))]
        fn changed(key: usize) -> usize {
            key
        }
        functions!(subject, |key| vec![value(key)], |key| vec![value.cache().refresh((key,))]);
    };
    (async, [$($options:tt)*]) => {
        static LOG: Log = Log::new();

        #[cached($($options)*)]
        async fn value(key: usize) -> Answer {
            LOG.async_body(key).await
        }
        #[invalidates(value(key))]
        fn changed(key: usize) -> usize {
            key
        }
        functions!(subject, |key| attended(|| value(key)), |key| attended(|| value.cache().refresh((key,))));
    };
    (subject, $call:expr, $refresh:expr) => {
        fn subject(kind: Kind) -> Subject {
            Subject {
                log: &LOG,
                call: $call,
                refresh: $refresh,
                insert: |reading: Reading| value.cache().insert((reading.key,), Ok(reading)),
                invalidate: |key| _ = value.cache().invalidate((key,)),
                changed: |key| _ = changed(key),
                clear: || value.cache().clear(),
                kind,
            }
        }
    };
}

macro_rules! in_memory {
    ($($name:ident: $how:tt, $kind:expr, $options:tt;)*) => {
        $(pub fn $name(run: &Run) -> bool {
            functions!($how, $options);
            subject($kind).attack(run, None);
            true
        })*
    };
}

in_memory! {
    bounded: sync, Kind::Bounded, [max = 5];
    bounded_async: async, Kind::Bounded, [max = 5];
    unbounded: sync, Kind::Unbounded, [unbounded];
    unbounded_async: async, Kind::Unbounded, [unbounded];
    weighed: sync, Kind::Bounded, [max_weight = 12, weigh = |reading: &Reading| reading.key];
    weighed_async: async, Kind::Bounded, [max_weight = 12, weigh = |reading: &Reading| reading.key];
    lru: sync, Kind::Bounded, [max = 5, policy = lru];
    lru_async: async, Kind::Bounded, [max = 5, policy = lru];
    thread: sync, Kind::Thread, [max = 5, scope = thread];
}

macro_rules! on_disk {
    ($($name:ident: $how:tt;)*) => {
        $(pub fn $name(run: &Run) -> bool {
            functions!($how, [store = disk(file(stringify!($name)))]);
            let _gone = Gone(file(stringify!($name)));
            subject(Kind::Outside).attack(run, None);
            assert_eq!(value.cache().info().store_errors, 0, "the file could not be read or written");
            true
        })*
    };
}

on_disk! {
    disk: sync;
    disk_async: async;
}

macro_rules! on_redis {
    ($($name:ident: $how:tt, $kind:expr, |$at:ident| [$($options:tt)*];)*) => {
        $(pub fn $name(run: &Run) -> bool {
            static AT: OnceLock<String> = OnceLock::new();
            fn $at() -> String {
                AT.get().unwrap().clone()
            }
            functions!($how, [$($options)*]);
            let Some((_server, proxy)) = behind_a_wire(&AT) else { return false };
            subject($kind).attack(run, Some(&proxy));
            true
        })*
    };
}

on_redis! {
    redis: sync, Kind::Outside, |at| [store = redis(at(), timeout = 100ms, lease = 300ms, wait = 200ms)];
    redis_async: async, Kind::Outside, |at| [store = redis(at(), timeout = 100ms, lease = 300ms, wait = 200ms)];
    tiered: sync, Kind::Tiered, |at| [store = tiered(memory(max = 5), redis(at(), timeout = 100ms, lease = 300ms, wait = 200ms))];
    tiered_async: async, Kind::Tiered, |at| [store = tiered(memory(max = 5), redis(at(), timeout = 100ms, lease = 300ms, wait = 200ms))];
}

static LOG: Log = Log::new();
static ASYNC_LOG: Log = Log::new();

#[derive(Default)]
struct Shop {
    memo: Memo,
}

impl Shop {
    #[cached(scope = instance, field = memo)]
    fn value(&self, key: usize) -> Answer {
        LOG.body(key)
    }

    #[cached(scope = instance, field = memo)]
    async fn later(&self, key: usize) -> Answer {
        ASYNC_LOG.async_body(key).await
    }
}

fn shop() -> &'static Shop {
    static SHOP: OnceLock<Shop> = OnceLock::new();
    SHOP.get_or_init(Shop::default)
}

pub fn instance(run: &Run) -> bool {
    let subject = Subject {
        log: &LOG,
        call: |key| vec![shop().value(key)],
        refresh: |key| vec![Shop::value.cache().refresh((shop(), key))],
        insert: |reading| Shop::value.cache().insert((shop(), reading.key), Ok(reading)),
        invalidate: |key| _ = Shop::value.cache().invalidate((shop(), key)),
        changed: |_| shop().memo.clear(),
        clear: || Shop::value.cache().clear(),
        kind: Kind::Bounded,
    };
    subject.attack(run, None);
    true
}

pub fn instance_async(run: &Run) -> bool {
    let subject = Subject {
        log: &ASYNC_LOG,
        call: |key| attended(|| shop().later(key)),
        refresh: |key| attended(|| Shop::later.cache().refresh((shop(), key))),
        insert: |reading| Shop::later.cache().insert((shop(), reading.key), Ok(reading)),
        invalidate: |key| _ = Shop::later.cache().invalidate((shop(), key)),
        changed: |_| shop().memo.clear(),
        clear: || Shop::later.cache().clear(),
        kind: Kind::Bounded,
    };
    subject.attack(run, None);
    true
}
