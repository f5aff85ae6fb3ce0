use festoon::registry;

#[registry(args(level: u32))]
trait Codec {}

fn main() {
    let _ = <dyn Codec>::registry().create("gzip", 3);
    let _ = <dyn Codec>::registry().create("gzip", ("3",));
}
