use festoon::offload;

#[offload(queue)]
async fn send(to: String) -> usize {
    to.len()
}

fn main() {}
