//! Methods of every kind.

use super::*;

#[derive(Default)]
struct Shop {
    price: u8,
    names: HashMap<u8, String>,
}

#[timed]
impl Shop {
    const LIMIT: u8 = { 3 };

    fn price(&self) -> u8 {
        self.price
    }

    fn set(&mut self, price: u8) -> Result<&mut Self, u8> {
        self.price = price;
        if price > Self::LIMIT { Err(price) } else { Ok(self) }
    }

    fn name_mut(&mut self, id: u8) -> Option<&mut String> {
        self.names.get_mut(&id)
    }

    fn into_price(mut self) -> u8 {
        self.price += 1;
        self.price
    }

    fn shared(self: Arc<Self>) -> usize {
        Arc::strong_count(&self)
    }

    fn pinned(self: Pin<&mut Self>) -> u8 {
        self.get_mut().price
    }

    async fn name(&self, id: u8) -> Cow<'_, str> {
        pause().await;
        match self.names.get(&id) {
            Some(name) => name.into(),
            None => "nameless".into(),
        }
    }

    async fn load(&mut self, price: u8) -> Result<&mut Self, String> {
        self.price = price;
        Ok(self)
    }

    async fn consume(self: Arc<Self>) -> u8 {
        self.price
    }

    const fn limit() -> u8 {
        Self::LIMIT
    }

    #[festoon::skip]
    fn left_out(&self) -> u8 {
        self.price
    }

    #[inline]
    fn associated(n: u8) -> Self {
        Shop { price: n, ..Self::default() }
    }
}

#[test]
fn every_receiver() {
    let mut shop = Shop::associated(2);
    assert_eq!(shop.price() + shop.left_out() + Shop::limit(), 7);
    assert!(shop.set(3).is_ok() && shop.set(4).is_err());
    assert_eq!(shop.name_mut(1), None);
    assert_eq!(Pin::new(&mut shop).pinned(), 4);
    assert_eq!(now(shop.load(2)).map(|shop| shop.price), Ok(2));
    assert_eq!(shop.into_price(), 3);
    let shop = Arc::new(Shop::default());
    assert_eq!((shop.clone().shared(), now(shop.consume())), (2, 0));
    assert_eq!(Shop::price.timing().calls(), 1);
    let left_out = catch_unwind(|| Shop::left_out.timing().calls());
    assert_eq!(left_out.ok(), if cfg!(debug_assertions) { None } else { Some(0) });
    assert_eq!(Shop::set.timing().outcomes().error(), 1);
}

#[test]
fn futures_of_methods_borrow_as_they_did() {
    let shop = Shop::default();
    let mut future = Box::pin(shop.name(1));
    let mut context = Context::from_waker(Waker::noop());
    assert!(future.as_mut().poll(&mut context).is_pending());
    assert!(matches!(future.as_mut().poll(&mut context), Poll::Ready(name) if name == "nameless"));
}

trait Prices {
    fn one(&self) -> u8;

    #[timed]
    fn two(&self) -> u8 {
        self.one() * 2
    }

    async fn later(&self) -> u8;
}

#[timed]
impl Prices for Shop {
    fn one(&self) -> u8 {
        self.price
    }

    async fn later(&self) -> u8 {
        self.one()
    }
}

#[timed]
impl<T> Prices for [T]
where
    T: Clone,
{
    fn one(&self) -> u8 {
        1
    }

    async fn later(&self) -> u8 {
        self.two()
    }
}

#[test]
fn traits() {
    let shop = Shop::associated(5);
    assert_eq!((shop.two(), [1_u8][..].two(), now([1_u8][..].later())), (10, 2, 2));
    assert_eq!(now(shop.later()), 5);
    assert_eq!(<Shop as Prices>::one.timing().calls(), 2);
    assert_eq!(<Shop as Prices>::two.timing().calls(), 3);
}
