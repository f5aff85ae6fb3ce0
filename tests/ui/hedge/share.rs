use festoon::hedge;

#[hedge(after = p42, idempotent)]
async fn read() -> Option<u32> {
    None
}

fn main() {}
