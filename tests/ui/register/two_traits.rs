use festoon::{Register, registry};

#[registry]
trait Codec {}

#[registry]
trait Other {}

#[derive(Register, Default)]
#[register(dyn Codec, dyn Other, name = "gzip")]
struct Gzip;

impl Codec for Gzip {}
impl Other for Gzip {}

fn main() {}
