use festoon::cached;

struct Report(u32);

#[cached]
fn report(n: u32) -> std::io::Result<Report> {
    Ok(Report(n))
}

fn main() {}
