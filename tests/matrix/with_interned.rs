//! The same cells for a decorator whose functions return another type than their bodies.

use super::*;

type Outcome<T> = Result<Interned<T>, Fault>;

fn is_one<T: festoon::Internable + Debug + ?Sized>(one: Outcome<T>, other: Outcome<T>) {
    assert!(one.is_ok() && one == other, "{one:?} and {other:?}");
    assert_eq!(RUNS.get(), 2);
}

#[interned]
fn sync(n: u32) -> Outcome<u32> {
    run(n, 0)
}

#[test]
fn sync_functions() {
    is_one(sync(3), sync(3));
}

#[interned]
async fn later(n: u32) -> Outcome<u32> {
    std::future::ready(()).await;
    run(n, 0)
}

#[test]
fn async_functions() {
    is_one(block_on(later(3)), block_on(later(3)));
}

struct Shop {
    price: u32,
}

trait Prices {
    fn of_trait(&self, n: u32) -> Outcome<u32>;
}

impl Shop {
    #[interned]
    fn by_ref(&self, n: u32) -> Outcome<u32> {
        run(self.price + n, 0)
    }

    #[interned]
    fn by_mut(&mut self, n: u32) -> Outcome<u32> {
        self.price = n;
        run(self.price, 0)
    }
}

impl Prices for Shop {
    #[interned]
    fn of_trait(&self, n: u32) -> Outcome<u32> {
        run(self.price + n, 0)
    }
}

#[test]
fn methods() {
    let shop = Shop { price: 1 };
    is_one(shop.by_ref(3), shop.by_ref(3));
}

#[test]
fn methods_that_change() {
    let mut shop = Shop { price: 1 };
    is_one(shop.by_mut(3), shop.by_mut(3));
    assert_eq!(shop.price, 3);
}

#[test]
fn methods_of_traits() {
    let shop = Shop { price: 1 };
    is_one(shop.of_trait(3), shop.of_trait(3));
}

#[interned]
fn generic<T: Display, const N: usize>(value: T) -> Outcome<[String; N]> {
    run([(); N].map(|()| value.to_string()), 0)
}

#[test]
fn generic_functions() {
    is_one(generic::<_, 2>(3), generic::<_, 2>(3));
}

#[interned]
fn borrowed<'a>(text: &'a str, numbers: &[u32]) -> Outcome<str> {
    run::<&'a str>(&text[numbers.len()..], 0)
}

#[test]
fn borrowed_arguments() {
    let text = String::from("ab");
    is_one(borrowed(&text, &[1]), borrowed(&text, &[1]));
}

#[async_trait]
trait Loads {
    async fn load(&self, n: u32) -> Outcome<u32>;
}

#[async_trait]
impl Loads for Shop {
    /// `async_trait` writes the type of the result into the body.
    #[interned]
    async fn load(&self, n: u32) -> Outcome<u32> {
        std::future::ready(()).await;
        run(self.price + n, 0).map(Interned::new)
    }
}

#[test]
fn async_trait_methods() {
    let shop = Shop { price: 1 };
    is_one(block_on(shop.load(3)), block_on(shop.load(3)));
}
