use festoon::offload;

#[offload(timeout = 2s)]
fn double(n: u32) -> u32 {
    n * 2
}

fn main() {}
