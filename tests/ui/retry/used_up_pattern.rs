use festoon::{decorate, retry};

fn pass<A, R>(next: impl FnOnce(A) -> R, argument: A) -> R {
    next(argument)
}

#[retry]
#[decorate(pass)]
fn find((name, n): (String, usize)) -> Option<usize> {
    Some(name.len() + n)
}

fn main() {}
