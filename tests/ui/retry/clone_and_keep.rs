use festoon::retry;

#[retry(clone(log), keep(log))]
fn send(mut log: Vec<u32>) -> Result<usize, String> {
    log.push(1);
    Ok(log.len())
}

fn main() {}
