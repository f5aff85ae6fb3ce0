#[derive(Register)]
#[register(Codec, nmae = "x")]
#[register(dyn Codec, name = "x", alias("x"), tag("y"))]
#[register]
struct Bad<T>(T);
