use festoon::cached;

struct Shelf<T>(T);

impl<T> Shelf<T> {
    #[cached]
    fn find(sku: T) -> usize {
        size_of_val(&sku)
    }
}

fn main() {}
