struct Shop;

impl Shop {
    #[festoon::test]
    fn expires(&self) {}
}

fn main() {}
