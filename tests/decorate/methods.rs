//! Methods, traits and whole blocks.

use super::*;

struct Shop {
    name: String,
    visits: u32,
}

impl Shop {
    fn new() -> Self {
        Shop { name: "shop".to_owned(), visits: 0 }
    }

    #[decorate(shout)]
    fn greet(&self, name: &str) -> String {
        format!("{} greets {name}", self.name)
    }

    #[decorate(logged)]
    fn visit(&mut self, by: u32) -> &mut u32 {
        self.visits += by;
        &mut self.visits
    }

    #[decorate(logged)]
    fn name(&self, _: u32) -> &str {
        &self.name
    }

    #[decorate(logged)]
    fn close(self, last: u32) -> (String, u32) {
        (self.name, last)
    }

    #[decorate(logged)]
    fn shared(self: Arc<Self>, last: u32) -> (Arc<Self>, u32) {
        (self, last)
    }

    #[decorate(logged_later)]
    async fn visit_later(&mut self, by: u32) -> &mut u32 {
        tokio::task::yield_now().await;
        self.visits += by;
        &mut self.visits
    }

    #[decorate(twice_later)]
    async fn visit_twice(&mut self, by: u32) -> u32 {
        self.visits += by;
        self.visits
    }

    #[decorate(again_later)]
    async fn name_again(&self, times: usize) -> String {
        self.name.repeat(times)
    }

    #[decorate(shout_later)]
    async fn greet_later(&self, name: &str) -> String {
        format!("{} greets {name}", self.name)
    }
}

#[test]
fn self_stays_with_the_function_and_the_decorator_gets_the_rest() {
    let mut shop = Shop::new();
    *shop.visit(2) += 1;
    assert_eq!((shop.greet("ada").as_str(), shop.visits, shop.name(0)), ("SHOP GREETS ADA", 3, "shop"));
    assert_eq!(Arc::new(Shop::new()).shared(4).1, 4);
    assert_eq!(shop.close(5), ("shop".to_owned(), 5));
}

#[tokio::test]
async fn async_functions_take_async_decorators() {
    #[decorate(shout_later)]
    async fn greet(name: &str) -> String {
        tokio::task::yield_now().await;
        format!("hello, {name}")
    }
    #[decorate(logged_later)]
    async fn first(text: &str) -> Option<&str> {
        let end = text.find(' ')?;
        Some(&text[..end])
    }
    let mut shop = Shop::new();
    *send(shop.visit_later(2)).await += 1;
    assert_eq!((send(greet("ada")).await.as_str(), send(first("a b")).await), ("HELLO, ADA", Some("a")));
    assert_eq!(shop.visit_twice(10).await, 23);
    assert_eq!(send(shop.name_again(2)).await, "shopshopshopshop");
    assert_eq!((send(shop.greet_later("ada")).await.as_str(), shop.visits), ("SHOP GREETS ADA", 23));
}

trait Greets {
    fn greet(&self, name: &str) -> String;

    #[decorate(shout)]
    fn provided(&self, name: &str) -> String {
        self.greet(name)
    }
}

impl Greets for Shop {
    #[decorate(shout)]
    fn greet(&self, name: &str) -> String {
        format!("{} for {name}", self.name)
    }
}

#[test]
fn trait_methods_can_be_decorated() {
    let shop = Shop::new();
    assert_eq!((shop.provided("a"), Greets::greet(&shop, "b")), ("SHOP FOR A".to_owned(), "SHOP FOR B".to_owned()));
}

#[async_trait]
trait GreetsLater {
    async fn greet(&mut self, name: &str) -> String;
}

#[async_trait]
impl GreetsLater for Shop {
    #[decorate(shout_later)]
    async fn greet(&mut self, name: &str) -> String {
        self.visits += 1;
        format!("{} for {name}", self.name)
    }
}

struct Below;

#[decorate(shout_later)]
#[async_trait]
impl GreetsLater for Below {
    async fn greet(&mut self, name: &str) -> String {
        format!("below for {name}")
    }
}

#[test]
fn async_trait_in_either_order() {
    let mut shop = Shop::new();
    assert_eq!(block_on(GreetsLater::greet(&mut shop, "a")), "SHOP FOR A");
    assert_eq!((block_on(Below.greet("a")).as_str(), shop.visits), ("BELOW FOR A", 1));
}

#[test]
fn a_block_and_its_functions_may_have_different_decorators() {
    fn round(next: impl FnOnce(&str) -> String, name: &str) -> String {
        format!("({})", next(name))
    }
    struct Words;
    #[decorate(round)]
    impl Words {
        #[decorate(shout)]
        fn both(name: &str) -> String {
            name.to_owned()
        }

        #[decorate(round)]
        fn once(name: &str) -> String {
            name.to_owned()
        }
    }
    assert_eq!((Words::both("a").as_str(), Words::once("a").as_str()), ("(A)", "(a)"));
}

#[test]
fn a_whole_block_takes_one_decorator() {
    struct Words;
    #[decorate(shout)]
    impl Words {
        fn one(name: &str) -> String {
            name.to_owned()
        }

        #[festoon::skip]
        fn two(name: &str) -> String {
            name.to_owned()
        }
    }
    assert_eq!((Words::one("a").as_str(), Words::two("a").as_str()), ("A", "a"));
}
