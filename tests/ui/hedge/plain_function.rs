use festoon::hedge;

#[hedge(after = 100ms, idempotent)]
fn read() -> Option<u32> {
    None
}

fn main() {}
