#[derive(Guard)]
#[guard(exit = end)]
struct Unit;
