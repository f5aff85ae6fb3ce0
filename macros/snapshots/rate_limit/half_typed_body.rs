#[rate_limit(10 / 1s)]
fn ask(user: &str) -> Option<usize> { user. }
