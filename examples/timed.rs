//! `#[timed]`.
use festoon::{Decorated, timed};

#[timed]
fn fib(n: u64) -> u64 {
    if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
}
#[timed(name = "parse")]
fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
    text.parse()
}
#[timed]
async fn later(n: u32) -> Option<&'static str> {
    tokio::task::yield_now().await;
    if n > 3 {
        return None;
    }
    Some("x")
}
struct S;
#[timed]
impl S {
    fn a(&self) -> u32 {
        3
    }
    const fn b() -> u32 {
        4
    }
    #[festoon::skip]
    fn c(&self) {}
    #[inline]
    async fn d(&mut self) -> Result<&mut S, String> {
        Ok(self)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("{}", fib(20));
    let _ = parse("1");
    let _ = parse("x");
    later(3).await;
    later(4).await;
    let mut s = S;
    s.a();
    s.c();
    S::b();
    s.d().await.map(|_| ()).unwrap();
    assert_eq!(S::a.timing().calls(), 1);
    assert_eq!(S::c.timing().calls(), 0);
    println!("{:?}", parse.timing().outcomes());
    println!("{}", festoon::timing::report());
    println!("{:?}", festoon::sites());
}
