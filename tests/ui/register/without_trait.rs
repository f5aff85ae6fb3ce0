use festoon::{Register, registry};

#[registry(args(level: u32))]
trait Codec {}

#[derive(Register, Default)]
struct Gzip;

#[derive(Register, Default)]
#[register(name = "zstd", dyn Codec)]
struct Zstd;

fn main() {}
