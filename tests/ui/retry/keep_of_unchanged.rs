use festoon::retry;

#[retry(keep(log))]
fn send(log: Vec<u32>) -> Result<usize, String> {
    Ok(log.len())
}

fn main() {}
