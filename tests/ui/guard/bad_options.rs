use festoon::Guard;

#[derive(Guard)]
#[guard(exti = Self::end, error, exit(Self::end))]
struct Tx(#[guard(exit = Self::end)] u8);

#[derive(Guard)]
#[guard(exit = Self::end)]
#[guard(exit = Self::end)]
struct Twice(u8);

fn main() {}
