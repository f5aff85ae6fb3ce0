use festoon::cached;

#[cached]
#[track_caller]
fn line() -> u32 {
    std::panic::Location::caller().line()
}

fn main() {}
