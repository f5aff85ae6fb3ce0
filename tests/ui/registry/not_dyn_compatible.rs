use festoon::registry;

#[registry]
trait Codec: Clone {
    const NAME: &str;
    fn new() -> Self;
    fn put<T>(&self, value: T);
    fn show(&self, value: impl ToString);
    fn is_like(&self, other: &Self) -> bool;
    fn again(&self) -> Self;
    async fn send(&self);
    fn sized(self) -> Self
    where
        Self: Sized;
}

fn main() {}
