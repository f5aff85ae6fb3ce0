use festoon::cached;

#[cached(skip(con))]
fn name(id: u32, conn: &u32) -> u32 {
    id + conn
}

fn main() {}
