use festoon::cached;

#[cached]
fn same<T>(value: T) -> usize {
    std::mem::size_of_val(&value)
}

fn main() {}
