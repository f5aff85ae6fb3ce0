use festoon::cached;

const LIMIT: u32 = 5;

#[cached(key = "user")]
fn a(user: u32) -> u32 {
    user
}

#[cached(key = 7)]
fn b(n: u32) -> u32 {
    n
}

#[cached(key = (id, "lang"))]
fn c(id: u32, lang: &str) -> usize {
    lang.len() + id as usize
}

#[cached(key = "{ user.to_lowercase() }")]
fn d(user: &str) -> usize {
    user.len()
}

#[cached(key = "String", max = 5)]
fn e(user: &str) -> usize {
    user.len()
}

#[cached(key = LIMIT)]
fn f(n: u32) -> u32 {
    n + LIMIT
}

#[cached(key = format!("user"))]
fn g(user: &str) -> usize {
    user.len()
}

#[cached(key = (-1, 'x'.to_ascii_uppercase(), true))]
fn h() -> usize {
    0
}

#[cached(key = |user| user.len())]
fn i(user: &str) -> usize {
    user.len()
}

fn main() {}
