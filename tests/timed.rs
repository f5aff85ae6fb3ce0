//! `#[timed]`: what is counted, and how it is told apart.

use festoon::{Decorated, OutcomeKind, timed};

#[timed]
fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
    text.parse()
}

#[test]
fn ok_and_err_are_counted_apart() {
    let _ = (parse("1"), parse("2"), parse("x"));
    let outcomes = parse.timing().outcomes();
    assert_eq!((outcomes.success(), outcomes.error(), outcomes.count(OutcomeKind::Panic)), (2, 1, 0));
}
