//! What a generator lends: a value without a size, and one with a lifetime of its arguments.

use festoon::{Yields, context_manager, yield_};

use crate::context_manager::Failure;

/// Generic, with what has no size, and an `impl Trait`.
#[context_manager]
fn lent<'w, W: std::fmt::Write>(
    write: &'w mut W,
    end: impl std::fmt::Display + 'w,
) -> Yields<&mut (dyn std::fmt::Write + 'w)> {
    yield_!(&mut *write);
    write!(write, "{end}").unwrap();
}

#[context_manager]
#[allow(clippy::needless_lifetimes, reason = "written out, as a user may")]
fn words<'t>(text: &'t str) -> Yields<&str> {
    yield_!(text.trim());
}

#[context_manager]
fn borrowed<'t>(text: &'t str) -> Yields<&'t str> {
    yield_!(text.trim());
}

#[test]
fn what_is_lent_may_have_no_size_or_a_lifetime_of_the_arguments() {
    let mut text = String::new();
    lent(&mut text, 5).enter().write_str("a").unwrap();
    assert_eq!(text, "a5");
    assert_eq!(words(" a b ").enter().split(' ').count(), 2);
    let mut kept = "";
    borrowed(" a ")
        .scope(|word| {
            kept = **word;
            Ok::<_, Failure>(())
        })
        .unwrap();
    assert_eq!(kept, "a");
}
