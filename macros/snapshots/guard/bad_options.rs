#[derive(Guard)]
#[guard(exti = Self::end, error)]
#[guard]
struct Bad {
    #[guard(exit = Self::end)]
    field: u8,
}
