use festoon::{cached, decorate, stack};

stack! { kept = #[cached(max = 10)] }

#[cached(max = 20)]
#[decorate(kept!)]
fn price(n: u32) -> u32 {
    n
}

fn main() {}
