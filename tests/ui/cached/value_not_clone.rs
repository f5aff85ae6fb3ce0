use festoon::cached;

struct Report(u32);

#[cached]
fn report(n: u32) -> Report {
    Report(n)
}

fn main() {}
