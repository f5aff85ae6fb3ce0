use festoon::hedge;

struct Shop;

impl Shop {
    #[hedge(after = 100ms, idempotent)]
    async fn read(&mut self, out: &mut Vec<u8>) -> Option<usize> {
        Some(out.len())
    }
}

fn main() {}
