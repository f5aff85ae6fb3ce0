use festoon::hedge;

#[hedge(after = 100ms, idempotent)]
async fn read(mut url: String) -> Option<usize> {
    url.push('/');
    Some(url.len())
}

fn main() {}
