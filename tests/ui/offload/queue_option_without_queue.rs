use festoon::offload;

#[offload(result_ttl = 10m)]
fn send(to: String) -> usize {
    to.len()
}

fn main() {}
