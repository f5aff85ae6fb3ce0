impl Bank {
    fn one(&self) {
        {
            let forgotten = ::festoon::__private::invalidates::always([
                ::festoon::__private::invalidates::Decorated::cache(&rates).forgets_all(),
            ]);
            {}
        }
    }
    const fn two(&self) {}
    fn three(&self) {}
}
