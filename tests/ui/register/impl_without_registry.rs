use festoon::register;

trait Codec {}

struct Gzip;

#[register(name = "gzip", new = || Gzip, alias("gz"))]
impl Codec for Gzip {}

fn main() {}
