use festoon::hedge;

#[hedge(after = 100ms, idempotent)]
async fn read(url: String) -> Option<Vec<u8>> {
    Some(url.into_bytes())
}

fn main() {}
