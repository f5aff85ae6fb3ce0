//! Two versions of one library in one program (`tests/twins`): their functions have the same paths, and are in the same
//! lines.

use festoon::cache::{self, NamedCache};
use festoon::timing::{self, Row};
use festoon::{Decorated, testing};

/// The rows of the two, the older version first.
fn caches(name: &str) -> [NamedCache; 2] {
    let mut found: Vec<_> = cache::all().into_iter().filter(|cache| cache.name() == name).collect();
    found.sort_by_key(NamedCache::crate_version);
    found.try_into().unwrap()
}

#[test]
fn a_handle_reaches_the_function_of_its_own_version() {
    let _caches = testing::fresh_caches();
    assert_eq!((twins_old::price(1), twins_new::price(1), twins_new::price(2)), (101, 201, 202));
    let (old, new) = (twins_old::price.cache(), twins_new::price.cache());
    assert!(old.contains((1,)) && !old.contains((2,)) && new.contains((2,)));
    assert_eq!((old.peek((1,)), new.peek((1,))), (Some(101), Some(201)));
    new.insert((1,), 7);
    assert_eq!((twins_old::price(1), twins_new::price(1)), (101, 7));
    assert!(old.invalidate((1,)) && !old.contains((1,)) && new.contains((1,)));
    assert_eq!((old.refresh((1,)), new.peek((1,))), (101, Some(7)));
}

#[test]
fn invalidation_with_arguments_reaches_its_own_version_and_without_them_both() {
    let _caches = testing::fresh_caches();
    let (old, new) = (twins_old::price.cache(), twins_new::price.cache());
    let fill = || drop((twins_old::price(1), twins_new::price(1)));
    let kept = || (old.contains((1,)), new.contains((1,)));
    fill();
    twins_new::set_price(1);
    assert_eq!(kept(), (true, false));
    fill();
    twins_old::set_price(2);
    assert_eq!(kept(), (true, true), "another key");
    twins_new::set_prices();
    assert_eq!(kept(), (false, false));
    fill();
    cache::clear_all();
    assert_eq!(kept(), (false, false));
    fill();
    assert!(cache::clear_tagged("twins") >= 2);
    assert_eq!(kept(), (false, false));
    fill();
    new.clear();
    assert_eq!(kept(), (false, false), "in a scope, nothing is known of who has answered");
}

#[test]
fn figures_stand_in_rows_of_their_own() {
    let _clock = testing::clock();
    assert_eq!([1, 1, 1].map(twins_old::load), [const { Ok(101) }; 3]);
    assert_eq!([1, 1].map(twins_new::load), [const { Ok(201) }; 2]);
    assert!(twins_new::load(0).is_err());

    let caches = caches("festoon_twins::load");
    assert_eq!(caches.each_ref().map(NamedCache::crate_version), [Some("0.1.0"), Some("0.2.0")]);
    assert_eq!(caches.map(|cache| (cache.info().hits, cache.info().misses)), [(2, 1), (1, 2)]);

    let report = timing::report();
    let mut rows: Vec<&Row> = report.rows().iter().filter(|row| row.name == "festoon_twins::load").collect();
    rows.sort_by_key(|row| row.crate_version);
    let figures = |row: &&Row| {
        let (cache, retry) = (row.cache.unwrap(), row.retry.unwrap());
        (row.crate_version.unwrap(), row.outcomes.total(), cache.hits, cache.misses, retry.attempts)
    };
    assert_eq!(rows.iter().map(figures).collect::<Vec<_>>(), [("0.1.0", 3, 2, 1, 1), ("0.2.0", 3, 1, 2, 3)]);
    let place = |row: &Row| format!("{}:{}:{}, {}", row.file, row.line, row.column, row.crate_version.unwrap());
    assert!(rows[0].file.ends_with("twins/old/../lib.rs") && rows[0].line == rows[1].line);
    assert!(report.to_string().contains(&format!("load ({})", place(rows[0]))), "{report}");
    let label = format!("function=\"festoon_twins::load\",location=\"{}\",outcome=\"error\"}} 1", place(rows[1]));
    assert!(report.to_prometheus().contains(&format!("festoon_calls_total{{{label}")), "{label}");

    let (timing, retries) = (twins_old::load.timing(), twins_old::load.retries());
    assert_eq!((timing.calls(), timing.outcomes().error(), retries.calls, retries.retried), (6, 1, 3, 1), "both");
    assert_eq!(twins_new::load.cache().info().misses, 3, "both, as long as it has not been asked");
    assert!(twins_new::load.cache().contains((1,)));
    assert_eq!(twins_new::load.cache().info().misses, 2, "now it is known which one it is");
    twins_new::load.cache().clear();
    assert!(twins_old::load.cache().contains((1,)) && !twins_new::load.cache().contains((1,)));
}

#[test]
fn in_one_file_each_has_values_of_its_own() {
    let (old, new) = (twins_old::kept.cache(), twins_new::kept.cache());
    assert_eq!((twins_old::kept(1), twins_new::kept(1)), (101, 201));
    assert_eq!((twins_old::kept(1), old.peek((1,)), new.peek((1,))), (101, Some(101), Some(201)));
    assert!(old.invalidate((1,)) && new.contains((1,)));
    assert_eq!((old.info().store_errors, new.info().store_errors), (0, 0));
}
