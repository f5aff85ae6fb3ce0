//! `Interned`, and `#[interned]`: equal values are one, as long as any of them is used.

mod function;

use std::cell::Cell;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicIsize, Ordering::SeqCst};
use std::thread;

use allocation_counter::measure;
use festoon::{Interned, WeakInterned};
use proptest::prelude::*;

/// A value that is counted while it exists. Each test has a type of its own, and with it a table of its own.
#[derive(Debug)]
struct Counted<const TEST: u8>(u64);

static ALIVE: [AtomicIsize; 5] = [const { AtomicIsize::new(0) }; 5];

impl<const TEST: u8> Counted<TEST> {
    fn new(number: u64) -> Self {
        ALIVE[usize::from(TEST)].fetch_add(1, SeqCst);
        Counted(number)
    }

    fn alive() -> isize {
        ALIVE[usize::from(TEST)].load(SeqCst)
    }
}

impl<const TEST: u8> Drop for Counted<TEST> {
    fn drop(&mut self) {
        ALIVE[usize::from(TEST)].fetch_sub(1, SeqCst);
    }
}

impl<const TEST: u8> PartialEq for Counted<TEST> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<const TEST: u8> Eq for Counted<TEST> {}

impl<const TEST: u8> Hash for Counted<TEST> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Half of all numbers have the hash of another one.
        (self.0 / 2).hash(state);
    }
}

#[test]
fn equal_values_are_one() {
    let gull: Interned<str> = "Heermann's Gull".into();
    let other = Interned::from(String::from("Heermann's ") + "Gull");
    assert!(gull == other && gull.as_ptr() == other.as_ptr());
    assert_ne!(gull, Interned::from("Heermann's gull"));
    assert_eq!((gull.len(), &*gull), (15, "Heermann's Gull"));
    assert_eq!(Interned::<str>::default().len(), 0);

    let (short, long) = (Interned::from([1_u16, 2]), Interned::from(vec![1_u16, 2, 3]));
    assert_eq!(short, Interned::from(&long[..2]));
    assert_ne!(short, long);
    assert!(Interned::<[u16]>::from([]).is_empty());
    assert_eq!(Interned::new(()), Interned::new(()));
    assert_eq!(size_of::<Option<Interned<str>>>(), size_of::<usize>());
}

#[test]
fn values_lie_where_their_types_want_them() {
    #[repr(align(128))]
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    struct Wide(u8);

    let one = Interned::new(Wide(3));
    assert_eq!((&raw const *one).addr() % 128, 0);
    let some = Interned::from([Wide(1), Wide(2)]);
    assert_eq!((some.as_ptr().addr() % 128, some.len(), some[1]), (0, 2, Wide(2)));
    assert_eq!(*Interned::from([1_u128, 2]), [1, 2]);
    assert_eq!(*Interned::from([(1_u8, 2_u64)]), [(1, 2)]);
    assert_eq!(*Interned::from([(), (), ()]), [(), (), ()]);
}

#[test]
fn the_last_user_frees_the_value() {
    type Value = Counted<0>;
    let one = Interned::new(Value::new(1));
    let same = Interned::new(Value::new(1));
    assert_eq!(Value::alive(), 1, "the second one is dropped, as there is one");
    let others: Vec<_> = (0..1000).map(|number| Interned::new(Value::new(number))).collect();
    assert_eq!((Value::alive(), Interned::<Value>::stats().len), (1000, 1000));
    drop(others);
    let stats = Interned::<Value>::stats();
    assert_eq!((stats.len, stats.references, stats.bytes, stats.bytes_saved), (1, 2, 8, 8));
    assert!(Value::alive() <= 1 + 16 * 17, "{} wait", Value::alive());
    Interned::<Value>::purge();
    assert_eq!((Value::alive(), one.0), (1, 1));
    drop((one, same));
    Interned::<Value>::purge();
    assert_eq!(Value::alive(), 0);
}

#[test]
fn slices_move_their_values_and_drop_each_once() {
    type Value = Counted<1>;
    let values = || (0..5).map(Value::new).collect::<Vec<_>>();
    let slice = Interned::from(values());
    assert_eq!(Value::alive(), 5);
    assert_eq!(Interned::from(values()), slice);
    assert_eq!(Value::alive(), 5);
    drop(slice);
    Interned::<[Value]>::purge();
    assert_eq!(Value::alive(), 0);
}

#[test]
fn a_weak_reference_keeps_nothing() {
    type Value = Counted<2>;
    let value = Interned::new(Value::new(7));
    let weak = Interned::downgrade(&value);
    let again: WeakInterned<Value> = weak.clone();
    assert_eq!(weak.upgrade().as_ref(), Some(&value));
    drop((value, weak));
    assert!(again.upgrade().is_none());
    Interned::<Value>::purge();
    assert_eq!(Value::alive(), 0);
    let new = Interned::new(Value::new(7));
    assert!(again.upgrade().is_none() && new.0 == 7);
}

#[test]
fn it_is_compared_by_pointer_and_ordered_by_value() {
    let mut names: Vec<Interned<str>> = ["c", "a", "b"].map(Interned::from).into();
    names.sort();
    assert_eq!(names.iter().map(|name| &**name).collect::<String>(), "abc");
    let mut by_name = HashMap::new();
    by_name.insert(names[0].clone(), 1);
    assert_eq!(by_name.get(&Interned::from("a")), Some(&1));
    assert_eq!(format!("{0} {0:?} {0:>3}", names[0]), "a \"a\"   a");
    assert_eq!(Interned::get("a"), Some(names[0].clone()));
    assert_eq!(Interned::get("nobody has this one"), None);
}

#[test]
fn it_is_written_like_the_value() {
    let value: Interned<str> = "Common Redshank".into();
    let json = serde_json::to_string(&(&value, Interned::from([1, 2]), Interned::new(3))).unwrap();
    assert_eq!(json, r#"["Common Redshank",[1,2],3]"#);
    let back: (Interned<str>, Interned<[i32]>, Interned<i32>) = serde_json::from_str(&json).unwrap();
    assert_eq!(back, (value, [1, 2].into(), Interned::new(3)));
}

/// Neither text nor a known slice is copied for a look-up.
#[test]
fn a_hit_allocates_nothing() {
    let (text, slice): (Interned<str>, Interned<[u64]>) = ("Spotted Crake".into(), [3, 4].into());
    let hits = measure(|| {
        for _ in 0..100 {
            assert!(Interned::from("Spotted Crake") == text && Interned::from(&[3, 4][..]) == slice);
            drop((text.clone(), Interned::get("Spotted Crake")));
        }
    });
    assert_eq!(hits.count_total, 0);
    // But for tables that grow.
    let fresh = (0..20).map(|number| {
        let name = format!("Crake {number}");
        measure(|| drop(Interned::<str>::from(&*name))).count_total
    });
    assert_eq!(fresh.min(), Some(1));
}

#[derive(Debug, PartialEq)]
struct Moody(u8);

static IS_MOODY: AtomicBool = AtomicBool::new(false);

impl Eq for Moody {}

impl Hash for Moody {
    fn hash<H: Hasher>(&self, state: &mut H) {
        assert!(!IS_MOODY.load(SeqCst), "the user's own");
        self.0.hash(state);
    }
}

#[test]
fn a_panic_of_the_users_code_leaves_a_table_that_works() {
    let one = Interned::new(Moody(1));
    IS_MOODY.store(true, SeqCst);
    assert!(catch_unwind(AssertUnwindSafe(|| Interned::new(Moody(1)))).is_err());
    IS_MOODY.store(false, SeqCst);
    assert_eq!(Interned::new(Moody(1)), one);
}

thread_local! {
    /// After so many comparisons one panics.
    static COMPARISONS: Cell<Option<u32>> = const { Cell::new(None) };
}

#[derive(Debug)]
struct Fussy(#[expect(dead_code, reason = "it is counted")] Counted<4>);

impl PartialEq for Fussy {
    fn eq(&self, _: &Self) -> bool {
        COMPARISONS.set(COMPARISONS.get().map(|left| left.checked_sub(1).expect("the user's own")));
        false
    }
}

impl Eq for Fussy {}

impl Hash for Fussy {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// Wherever a comparison panics, each value is dropped once.
#[test]
fn a_panic_while_a_value_is_moved_drops_it_once() {
    let fussy = |number| Fussy(Counted::new(number));
    let (one, some) = (Interned::new(fussy(0)), Interned::from([fussy(0), fussy(1)]));
    for left in 0.. {
        COMPARISONS.set(Some(left));
        let whole = catch_unwind(|| Interned::new(fussy(1)));
        let slice = catch_unwind(|| Interned::from([fussy(2), fussy(3)]));
        if COMPARISONS.take() > Some(0) {
            assert!(whole.is_ok() && slice.is_ok() && left > 3);
            break;
        }
    }
    drop((one, some));
    Interned::<Fussy>::purge();
    Interned::<[Fussy]>::purge();
    assert_eq!(Counted::<4>::alive(), 0);
}

/// Threads use and drop a few values as fast as they can: at each moment, equal ones are one.
#[test]
fn threads_see_one_value() {
    type Value = Counted<3>;
    thread::scope(|scope| {
        for seed in 0..4 {
            scope.spawn(move || {
                let mut random = fastrand::Rng::with_seed(seed);
                let mut kept = Vec::new();
                for _ in 0..5_000 {
                    let number = random.u64(0..6);
                    let (one, other) = (Interned::new(Value::new(number)), Interned::new(Value::new(number)));
                    assert!(one == other && one.0 == number);
                    let weak = Interned::downgrade(&one);
                    match random.u8(0..3) {
                        0 => kept.push(one),
                        1 => kept.clear(),
                        _ => drop(one),
                    }
                    assert_eq!(weak.upgrade().as_ref(), Some(&other));
                }
            });
        }
    });
    assert_eq!(Interned::<Value>::stats().len, 0);
    Interned::<Value>::purge();
    assert_eq!(Value::alive(), 0);
}

proptest! {
    /// Beside a map: what is equal is one, and what has users is known.
    #[test]
    fn as_a_map_would(steps in prop::collection::vec((0_u8..12, any::<bool>()), 1..200)) {
        #[derive(Debug, PartialEq, Eq, Hash)]
        struct Key(String);

        let mut users: HashMap<String, Vec<Interned<Key>>> = HashMap::new();
        for (number, adds) in steps {
            let name = format!("value {number}");
            let users = users.entry(name.clone()).or_default();
            if adds {
                let new = Interned::new(Key(name));
                prop_assert!(users.iter().all(|user| *user == new));
                users.push(new);
            } else {
                users.pop();
                prop_assert_eq!(Interned::get(&Key(name)).is_some(), !users.is_empty());
            }
        }
        let stats = Interned::<Key>::stats();
        prop_assert_eq!(stats.references, users.values().map(Vec::len).sum::<usize>());
        prop_assert_eq!(stats.len, users.values().filter(|users| !users.is_empty()).count());
    }
}
