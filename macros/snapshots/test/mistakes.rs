#[festoon::test]
fn half_typed() {
    let x = ;
}

#[festoon::test(crate = shop::festoon, times = 3)]
fn wrong<T>(one: u8, two: u8) {}

#[festoon::test]
struct NotAFunction;
