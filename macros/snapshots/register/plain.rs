#[derive(Register)]
#[register(dyn Codec)]
#[register(dyn Other, name = "other", singleton)]
enum Plain {
    A,
}
