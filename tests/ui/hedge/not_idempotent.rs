use festoon::hedge;

#[hedge(after = 100ms)]
async fn read() -> Option<u32> {
    None
}

fn main() {}
