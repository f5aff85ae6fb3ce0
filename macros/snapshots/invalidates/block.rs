#[invalidates(rates)]
impl Bank {
    fn one(&self) {}
    const fn two(&self) {}
    #[skip]
    fn three(&self) {}
}
