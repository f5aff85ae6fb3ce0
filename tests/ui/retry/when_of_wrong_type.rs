fn is_transient(code: &u32) -> bool {
    *code > 500
}

#[festoon::retry(when = is_transient)]
fn find(name: &str) -> Result<usize, String> {
    Ok(name.len())
}

fn main() {}
