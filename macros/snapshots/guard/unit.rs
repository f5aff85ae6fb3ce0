#[derive(Guard)]
#[guard(exit = self::end)]
struct Unit;
