//! Panics in an exit, in the drop of a field, and around guards.

use super::*;

/// An exit that panics.
#[derive(Guard)]
#[guard(exit = Self::end)]
struct Bomb<'a>(&'a Log, Part<'a>);

impl Bomb<'_> {
    fn end(&mut self) {
        self.0.add("exit");
        panic!("the exit of {}", self.1.0);
    }
}

/// The same, told how.
#[derive(Guard)]
#[guard(exit = Self::end)]
struct ToldBomb<'a>(&'a Log, Part<'a>);

impl ToldBomb<'_> {
    fn end(&mut self, how: OutcomeKind) {
        self.0.add(how.name());
        panic!("the exit of {}", self.1.0);
    }
}

fn message(panic: &(dyn std::any::Any + Send)) -> &str {
    panic.downcast_ref::<String>().map_or("another one", String::as_str)
}

#[test]
fn a_panic_in_the_exit_goes_on_after_the_fields_were_dropped() {
    type Case = fn(&Log);
    let cases: [(Case, &str); 4] = [
        (|log| drop(Bomb(log, Part("a", log))), "exit"),
        (|log| Bomb(log, Part("a", log)).finish(OutcomeKind::Success), "exit"),
        (|log| drop(ToldBomb(log, Part("a", log))), "dropped"),
        (|log| ToldBomb(log, Part("a", log)).finish(OutcomeKind::Success), "success"),
    ];
    for (run, how) in cases {
        let log = Log::default();
        let panic = catch_unwind(AssertUnwindSafe(|| run(&log))).unwrap_err();
        assert_eq!(message(&*panic), "the exit of a");
        assert_eq!(log.take(), [how, "drop a"]);
    }
}

#[test]
fn a_panic_in_the_exit_while_unwinding_is_contained_and_reported() {
    let log = Log::default();
    let mut first = None;
    let reports = events::of(|| {
        first = catch_unwind(AssertUnwindSafe(|| {
            let _outer = Bomb(&log, Part("outer", &log));
            let _inner = ToldBomb(&log, Part("inner", &log));
            panic!("{}", "the first");
        }))
        .err();
    });
    assert_eq!(message(&*first.unwrap()), "the first");
    assert_eq!(log.take(), ["panic", "drop inner", "exit", "drop outer"]);
    assert!(reports[0].contains("the exit of inner") && reports[0].contains("ToldBomb"), "{reports:?}");
    assert!(reports[1].contains("the exit of outer"), "{reports:?}");
}

/// A field whose drop panics.
struct Fragile<'a>(&'a Log);

impl Drop for Fragile<'_> {
    fn drop(&mut self) {
        self.0.add("drop fragile");
        panic!("fragile");
    }
}

#[derive(Guard)]
#[guard(exit = Self::end)]
struct Vase<'a>(Part<'a>, Fragile<'a>, Part<'a>);

impl Vase<'_> {
    fn end(&mut self) {
        self.1.0.add("exit");
    }
}

#[test]
fn a_field_that_panics_in_its_drop_keeps_no_other_from_dropping() {
    fn vase(log: &Log) -> Vase<'_> {
        Vase(Part("before", log), Fragile(log), Part("after", log))
    }
    let drops = ["drop before", "drop fragile", "drop after"];
    assert_eq!(logged(|log| vase(log).defuse()), drops);
    let exit_first = ["exit", "drop before", "drop fragile", "drop after"];
    assert_eq!(logged(|log| vase(log).finish(OutcomeKind::Success)), exit_first);
    assert_eq!(logged(|log| drop(vase(log))), exit_first);
}

#[derive(Guard)]
#[guard(exit = Self::end, entered = since)]
struct Remembering<'a> {
    log: &'a Log,
    since: Entered,
}

impl Remembering<'_> {
    fn end(&mut self, how: OutcomeKind) {
        self.log.add(how.name());
    }
}

#[test]
fn a_guard_made_while_the_thread_unwinds_has_seen_no_panic() {
    struct Scope<'a>(&'a Log);

    impl Drop for Scope<'_> {
        fn drop(&mut self) {
            let _inside = Remembering { log: self.0, since: Entered::now() };
        }
    }

    let log = Log::default();
    let unwound = catch_unwind(AssertUnwindSafe(|| {
        let _outside = Remembering { log: &log, since: Entered::now() };
        let _scope = Scope(&log);
        panic!("older than the guard in the destructor");
    }));
    assert!(unwound.is_err());
    drop(Remembering { log: &log, since: Entered::default() });
    assert_eq!(log.take(), ["dropped", "panic", "dropped"]);
}
