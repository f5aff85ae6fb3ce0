//! Caches compared with simple models of them, under random sequences of user operations.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use festoon::cache::{Info, Removal};
use festoon::{Decorated, cached, testing};
use proptest::prelude::*;

/// One thing that a user does.
#[derive(Debug, Clone, Copy)]
enum Step {
    Call(u8),
    Insert(u8),
    Refresh(u8),
    Invalidate(u8),
    Peek(u8),
    Clear,
    Advance(u8),
}

use Step::{Advance, Call, Clear, Insert, Invalidate, Peek, Refresh};

fn steps(keys: u8) -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        12 => (0..keys).prop_map(Call),
        2 => (0..keys).prop_map(Insert),
        1 => (0..keys).prop_map(Refresh),
        2 => (0..keys).prop_map(Invalidate),
        3 => (0..keys).prop_map(Peek),
        1 => Just(Clear),
        2 => (1..8_u8).prop_map(Advance),
    ];
    prop::collection::vec(step, 0..150)
}

thread_local! {
    /// No two values are the same.
    static VALUES: Cell<u32> = const { Cell::new(0) };
    static TOLD: RefCell<Vec<(u8, u32, Removal)>> = const { RefCell::new(Vec::new()) };
}

fn new_value() -> u32 {
    VALUES.replace(VALUES.get() + 1)
}

fn tell(key: &(u8,), value: &u32, why: Removal) {
    TOLD.with_borrow_mut(|told| told.push((key.0, *value, why)));
}

/// What a cache can be asked by the tests below.
trait Handle {
    fn call(&self, key: u8) -> u32;
    fn insert(&self, key: u8, value: u32);
    fn refresh(&self, key: u8) -> u32;
    fn invalidate(&self, key: u8) -> bool;
    fn peek(&self, key: u8) -> Option<u32>;
    fn clear(&self);
    fn info(&self) -> Info;
}

macro_rules! handle {
    ($name:ident) => {{
        struct This;
        impl Handle for This {
            fn call(&self, key: u8) -> u32 {
                $name(key)
            }
            fn insert(&self, key: u8, value: u32) {
                $name.cache().insert((key,), value);
            }
            fn refresh(&self, key: u8) -> u32 {
                $name.cache().refresh((key,))
            }
            fn invalidate(&self, key: u8) -> bool {
                $name.cache().invalidate((key,))
            }
            fn peek(&self, key: u8) -> Option<u32> {
                let value = $name.cache().peek((key,));
                assert_eq!($name.cache().contains((key,)), value.is_some());
                value
            }
            fn clear(&self) {
                $name.cache().clear();
            }
            fn info(&self) -> Info {
                $name.cache().info()
            }
        }
        // The listener is there from the first call on, and only once.
        This.call(0);
        $name.cache().on_removal(tell);
        This
    }};
}

/// Not a whole number, so that no value is looked at in the moment in which it expires.
const TTL: Duration = Duration::from_millis(9500);

/// The last value of each key that may be kept, with its age in seconds; the one that was used longest ago first.
#[derive(Default)]
struct Model {
    values: Vec<(u8, u32, u32)>,
    hits: u64,
    misses: u64,
    gone: Vec<(u8, u32, Removal)>,
}

impl Model {
    fn place(&self, key: u8) -> Option<usize> {
        self.values.iter().position(|value| value.0 == key)
    }

    fn fresh(&self, key: u8) -> Option<u32> {
        self.values.iter().find(|value| value.0 == key && value.2 < 10).map(|value| value.1)
    }

    fn take(&mut self, key: u8) -> Option<(u8, u32, u32)> {
        self.place(key).map(|at| self.values.remove(at))
    }

    fn used(&mut self, key: u8) {
        let value = self.take(key);
        self.values.extend(value);
    }

    fn keep(&mut self, key: u8, value: u32, max: usize) {
        if let Some((_, old, age)) = self.take(key) {
            self.gone.push((key, old, if age < 10 { Removal::Replaced } else { Removal::Expired }));
        } else if self.values.len() == max {
            let (oldest, old, _) = self.values.remove(0);
            self.gone.push((oldest, old, Removal::Evicted));
        }
        self.values.push((key, value, 0));
    }

    fn invalidate(&mut self, key: u8) -> bool {
        let is_fresh = self.fresh(key).is_some();
        let taken = self.take(key);
        self.gone.extend(taken.map(|(key, value, _)| (key, value, Removal::Invalidated)));
        is_fresh
    }

    fn clear(&mut self) {
        let all = std::mem::take(&mut self.values).into_iter();
        self.gone.extend(all.map(|(key, value, _)| (key, value, Removal::Invalidated)));
        (self.hits, self.misses) = (0, 0);
    }

    /// Values that were too old have been freed by the way.
    fn freed(&mut self, told: Vec<(u8, u32, Removal)>) -> Vec<(u8, u32, Removal)> {
        let is_freed = |told: &(u8, u32, Removal)| told.2 == Removal::Expired && !self.gone.contains(told);
        let (freed, others): (Vec<_>, Vec<_>) = told.into_iter().partition(is_freed);
        for (key, value, _) in freed {
            assert!(self.take(key).is_some_and(|(_, old, age)| old == value && age >= 10), "{key} {value}");
        }
        others
    }

    fn advance(&mut self, seconds: u8) {
        self.values.iter_mut().for_each(|value| value.2 += u32::from(seconds));
    }
}

/// A cache whose every step is known: `policy = lru`, and without a bound.
fn is_exact(cache: &dyn Handle, steps: &[Step], max: usize) {
    let clock = testing::clock();
    cache.clear();
    TOLD.take();
    let mut model = Model::default();
    for step in steps {
        match *step {
            Call(key) => {
                let value = cache.call(key);
                if let Some(kept) = model.fresh(key) {
                    assert_eq!(value, kept);
                    model.hits += 1;
                    model.used(key);
                } else {
                    assert_eq!(value + 1, VALUES.get(), "it is new");
                    model.misses += 1;
                    model.keep(key, value, max);
                }
            }
            Insert(key) => {
                let value = new_value();
                cache.insert(key, value);
                model.keep(key, value, max);
            }
            Refresh(key) => {
                let value = cache.refresh(key);
                assert_eq!(value + 1, VALUES.get(), "it is new");
                model.misses += 1;
                model.keep(key, value, max);
            }
            Invalidate(key) => assert_eq!(cache.invalidate(key), model.invalidate(key)),
            Peek(key) => assert_eq!(cache.peek(key), model.fresh(key)),
            Clear => {
                cache.clear();
                model.clear();
                // In no order.
                TOLD.with_borrow_mut(|told| told.sort_by_key(|told| told.1));
                model.gone.sort_by_key(|gone| gone.1);
            }
            Advance(seconds) => {
                clock.advance(Duration::from_secs(seconds.into()));
                model.advance(seconds);
            }
        }
        let told = model.freed(TOLD.take());
        assert_eq!(told, std::mem::take(&mut model.gone));
        let info = cache.info();
        assert_eq!((info.hits, info.misses, info.len), (model.hits, model.misses, model.values.len()));
    }
    (0..32).for_each(|key| assert_eq!(cache.peek(key), model.fresh(key)));
}

/// A cache that may let go of a value whenever it likes: what it gives is right all the same.
fn is_right(cache: &dyn Handle, steps: &[Step], max: usize) {
    let clock = testing::clock();
    cache.clear();
    let (mut model, mut evictions) = (Model::default(), 0);
    for step in steps {
        TOLD.take();
        match *step {
            Call(key) => {
                let before = VALUES.get();
                let value = cache.call(key);
                if VALUES.get() == before {
                    assert_eq!(Some(value), model.fresh(key));
                    model.hits += 1;
                } else {
                    assert_eq!(value, before);
                    model.misses += 1;
                    model.keep(key, value, usize::MAX);
                }
            }
            Insert(key) => {
                let value = new_value();
                cache.insert(key, value);
                model.keep(key, value, usize::MAX);
            }
            Refresh(key) => {
                let value = cache.refresh(key);
                model.misses += 1;
                model.keep(key, value, usize::MAX);
            }
            Invalidate(key) => assert!(!cache.invalidate(key) || model.invalidate(key)),
            Peek(key) => assert!(cache.peek(key).is_none_or(|value| model.fresh(key) == Some(value))),
            Clear => {
                cache.clear();
                model.clear();
                evictions = 0;
            }
            Advance(seconds) => {
                clock.advance(Duration::from_secs(seconds.into()));
                model.advance(seconds);
            }
        }
        // What is told to have gone has gone.
        for (key, value, why) in TOLD.take() {
            evictions += u64::from(why == Removal::Evicted);
            assert_ne!(cache.peek(key), Some(value), "{why:?}");
        }
        let info = cache.info();
        assert_eq!((info.hits, info.misses, info.evictions), (model.hits, model.misses, evictions));
        assert!(info.len <= max, "{info:?}");
    }
}

proptest! {
    // A failure is told with its steps, which can be made a test by hand.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lru(steps in steps(12)) {
        #[cached(max = 5, policy = lru, ttl = TTL)]
        fn get(_key: u8) -> u32 {
            new_value()
        }
        thread_local!(static GET: Box<dyn Handle> = Box::new(handle!(get)));
        GET.with(|get| is_exact(&**get, &steps, 5));
    }

    #[test]
    fn unbounded(steps in steps(12)) {
        #[cached(unbounded, ttl = TTL)]
        fn get(_key: u8) -> u32 {
            new_value()
        }
        thread_local!(static GET: Box<dyn Handle> = Box::new(handle!(get)));
        GET.with(|get| is_exact(&**get, &steps, usize::MAX));
    }

    #[test]
    fn bounded(steps in steps(20)) {
        #[cached(max = 6, ttl = TTL)]
        fn get(_key: u8) -> u32 {
            new_value()
        }
        thread_local!(static GET: Box<dyn Handle> = Box::new(handle!(get)));
        GET.with(|get| is_right(&**get, &steps, 6));
    }

    #[test]
    fn bounded_by_weight(steps in steps(20)) {
        #[cached(max_weight = 20, weigh = |value| (value % 7) as usize, ttl = TTL)]
        fn get(_key: u8) -> u32 {
            new_value()
        }
        thread_local!(static GET: Box<dyn Handle> = Box::new(handle!(get)));
        GET.with(|get| is_right(&**get, &steps, 20));
    }

    #[test]
    fn of_a_thread(steps in steps(20)) {
        #[cached(scope = thread, max = 6, ttl = TTL)]
        fn get(_key: u8) -> u32 {
            new_value()
        }
        thread_local!(static GET: Box<dyn Handle> = Box::new(handle!(get)));
        GET.with(|get| is_right(&**get, &steps, 6));
    }

    #[test]
    fn lru_hits_are_those_of_a_list(max in 1..9_usize, calls in prop::collection::vec(0..12_u8, 0..300)) {
        macro_rules! each {
            ($($name:ident $max:literal)*) => { [$({
                #[cached(max = $max, policy = lru)]
                fn $name(key: u8) -> u8 {
                    key
                }
                (|key| assert_eq!($name(key), key), || $name.cache().info(), || $name.cache().clear())
            }),*] };
        }
        type Cache = (fn(u8), fn() -> Info, fn());
        let all: [Cache; 8] = each!(of1 1 of2 2 of3 3 of4 4 of5 5 of6 6 of7 7 of8 8);
        let (call, info, clear) = all[max - 1];
        clear();
        let (mut list, mut hits) = (Vec::new(), 0);
        for key in &calls {
            call(*key);
            match list.iter().position(|other| other == key) {
                Some(at) => {
                    hits += 1;
                    list.remove(at);
                }
                None if list.len() == max => drop(list.remove(0)),
                None => {}
            }
            list.push(*key);
        }
        let found = info();
        assert_eq!((found.hits, found.misses, found.len), (hits, calls.len() as u64 - hits, list.len()));
    }
}
