#[festoon::cached]
fn area((width, height): (f64, u32)) -> u64 {
    (width as u64) * u64::from(height)
}

fn main() {}
