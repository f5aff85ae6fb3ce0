//! Twice the input is twice the work: in allocated bytes, and, less precisely, in processor time.

use super::Case;
use allocation_counter::measure;
use std::time::Duration;

/// A case of a given size.
type Sized = fn(usize) -> Case;

fn body(entry: &str, options: &str, n: usize) -> Case {
    let statements = "let x = work(a, |y| y + 1); ".repeat(n);
    Case::new(entry, options, &format!("fn f(&self, a: u8) -> Result<u8, E> {{ {statements} }}"))
}

fn list(entry: &str, before: &str, part: &str, after: &str, n: usize) -> Case {
    Case::new(entry, &format!("{before}{}{after}", part.repeat(n)), "fn f(&self, a: u8) -> Result<u8, E> { g() }")
}

const SIZED: &[(&str, Sized)] = &[
    ("the body under timed", |n| body("timed", "", n)),
    ("the body under cached", |n| body("cached", "ttl = 5m", n)),
    ("the body under retry", |n| body("retry", "clone(self)", n)),
    ("the body under decorate", |n| body("decorate", "f", n)),
    ("the body under interned", |n| {
        Case::new("interned", "", &format!("fn f(a: u8) -> Interned<u8> {{ {} a }}", "work(a); ".repeat(n)))
    }),
    ("the body under invalidates", |n| body("invalidates", "list, when = ok", n)),
    ("the body of a future", |n| {
        let statements = "work(a); ".repeat(n);
        let item =
            format!("fn f(a: u8) -> Pin<Box<dyn Future<Output = u8>>> {{ Box::pin(async move {{ {statements} }}) }}");
        Case::new("timed", "", &item)
    }),
    ("the functions of a block", |n| {
        let functions = "#[inline] pub fn f(&self) -> u8 { 1 } ".repeat(n);
        Case::new("timed", "", &format!("impl S {{ {functions} }}"))
    }),
    ("the items of nested modules", |n| {
        let items = "pub struct A; impl A { fn f() {} } const B: [u8; 1] = [1]; ".repeat(n);
        Case::new("timed", "", &format!("mod a {{ mod b {{ mod c {{ {items} }} }} }}"))
    }),
    ("the entries of a list", |n| list("timed", "span, args(", "a, ", ")", n)),
    ("the closures of a list", |n| list("timed", "span, args(", "|x, y| x, ", ")", n)),
    ("options that are unknown", |n| list("cached", "", "spam = 3, ", "", n)),
    ("options that are given again", |n| list("cached", "", "max = 3, ", "", n)),
    ("what is made out of date", |n| list("invalidates", "", "get(a), ", "", n)),
    ("commas that are missing", |n| list("cached", "", "max 3 ", "", n)),
    ("the waits of a chain", |n| list("retry", "wait = chain[", "5ms, ", "]", n)),
    ("the arguments", |n| {
        Case::new("retry", "", &format!("fn f({}) -> Result<u8, E> {{ g() }}", "Wrap(a): &mut Wrap, ".repeat(n)))
    }),
    ("the names of a type", |n| {
        let aliases = (0..n).map(|at| format!("\"a{at}\"")).collect::<Vec<_>>().join(", ");
        Case::new("Register", "", &format!("#[register(dyn Codec, alias({aliases}))] struct Gzip;"))
    }),
    ("the layers of a stack!", |n| Case::new("stack", "", &format!("pub all = {}", "#[decorate(f)] ".repeat(n)))),
    ("a macro's fragments", |n| {
        let mut case = body("timed", "", n);
        let all = proc_macro2::Group::new(proc_macro2::Delimiter::None, case.item);
        case.item = proc_macro2::TokenTree::from(all).into();
        case
    }),
];

#[test]
fn twice_the_input_is_twice_the_work() {
    let slow: Vec<String> = SIZED.iter().filter_map(|(what, case)| grows(what, *case)).collect();
    assert!(slow.is_empty(), "{slow:#?}");
}

/// How far the work is from linear, if it is not.
fn grows(what: &str, case: Sized) -> Option<String> {
    let bytes = |n| measure(|| drop(case(n).run())).bytes_total;
    let (first, second) = (bytes(200), bytes(400));
    if second > first * 5 / 2 {
        return Some(format!("{what}: {first} bytes are allocated for one half, {second} for the whole"));
    }
    // Five times the input, which would take 25 times as long if it were quadratic. The clock ticks every few
    // milliseconds.
    let (small, large) = (case(400), case(2000));
    let limit = || 12 * small.quickest(2).max(Duration::from_millis(8));
    let is_slow = large.quickest(1) > limit() && large.quickest(3) > limit();
    is_slow.then(|| format!("{what}: {:?} for a fifth, {:?} for the whole", small.quickest(1), large.quickest(1)))
}
