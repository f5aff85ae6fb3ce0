use festoon::offload;

#[offload(process)]
fn place() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
