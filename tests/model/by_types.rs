//! The list of values by type: threads that look for types at the same time find one value for each.
#![expect(unsafe_code, reason = "the list is told which type an id stands for")]

use std::any::TypeId;

use crate::by_type::ByType;
use crate::sync::{Arc, AtomicUsize, Ordering::SeqCst};
use crate::{on_threads, orders};

/// How many values have been made, and the list.
struct Lists {
    made: AtomicUsize,
    list: ByType,
}

/// The value of a type is its number.
struct Value<const NUMBER: usize>(usize);

fn find<const NUMBER: usize>(lists: &Lists) -> usize {
    let make = || -> &'static Value<NUMBER> {
        lists.made.fetch_add(1, SeqCst);
        Box::leak(Box::new(Value(NUMBER)))
    };
    let id = TypeId::of::<Value<NUMBER>>();
    // SAFETY: the id is always that of this type.
    let (first, found) = unsafe { (lists.list.first::<Value<NUMBER>>(id), lists.list.find(id, &make)) };
    assert!(first.is_none_or(|first| std::ptr::eq(first, found)), "it is not the first one");
    assert_eq!(found.0, NUMBER, "the value of another type");
    std::ptr::from_ref(found).addr()
}

#[test]
fn each_type_has_one_value() {
    orders(2_000, || {
        let lists = Arc::new(Lists { made: AtomicUsize::new(0), list: ByType::new() });
        let run = |runs: [fn(&Lists) -> usize; 3]| {
            let lists = Arc::clone(&lists);
            move || runs.map(|run| run(&lists))
        };
        let found = on_threads([
            run([find::<1>, find::<2>, find::<3>]),
            run([find::<1>, find::<3>, find::<2>]),
            run([find::<1>, find::<2>, find::<3>]),
        ]);
        assert_eq!(found[0], found[2]);
        assert_eq!([found[0][0], found[0][2], found[0][1]], found[1]);
        assert_eq!(lists.made.load(SeqCst), 3, "a value was made twice");
    });
}
