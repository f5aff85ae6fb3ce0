//! Methods, instances and generic functions.

use super::*;

#[derive(Default)]
struct Account {
    balance: u32,
    memo: Memo,
}

impl Account {
    #[cached(scope = instance, field = memo)]
    fn with(&self, more: u32) -> u32 {
        self.balance + more
    }

    #[invalidates(Self::with(self, 1))]
    fn set(&mut self, balance: u32) {
        self.balance = balance;
    }
}

#[test]
fn values_of_one_instance() {
    let (mut one, two) = (Account::default(), Account::default());
    one.set(3);
    assert_eq!((one.with(1), one.with(2), two.with(1)), (4, 5, 1));
    one.set(5);
    assert_eq!((one.with(1), one.with(2), two.with(1)), (6, 5, 1), "the second one is not named");
    assert_eq!((Account::with.cache().info().hits, Account::with.cache().info().misses), (2, 4));
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Shop {
    id: u32,
    discount: u32,
}

trait Prices {
    fn of_trait(&self, n: u32) -> u32;
    fn set_of_trait(&mut self, n: u32);
    #[cached]
    fn provided(&self, n: u32) -> u32
    where
        Self: Clone + Eq + std::hash::Hash + Send + Sync + 'static,
    {
        n
    }
    #[invalidates(Self::provided(self, n), Self::of_trait(self, n))]
    fn set_provided(&self, n: u32)
    where
        Self: Clone + Eq + std::hash::Hash + Send + Sync + 'static,
    {
    }
}

impl Shop {
    #[cached(key = (self.id, sku))]
    fn price(&self, sku: &str) -> usize {
        sku.len()
    }

    #[invalidates(Self::price(self, sku))]
    fn set(&mut self, sku: &str) {
        self.discount += 1;
    }

    #[invalidates(Shop::price(&self, sku))]
    fn take(self, sku: &str) -> Shop {
        self
    }

    #[invalidates(Shop::price(&self, &sku), Self::price)]
    async fn later(self: Arc<Self>, sku: String) {
        drop(sku);
    }
}

impl Prices for Shop {
    #[cached]
    fn of_trait(&self, n: u32) -> u32 {
        n
    }

    #[invalidates(<Shop as Prices>::of_trait(self, n))]
    fn set_of_trait(&mut self, n: u32) {
        self.discount = n;
    }
}

#[test]
fn methods_and_methods_of_traits() {
    let mut shop = Shop { id: 1, discount: 0 };
    let is_kept = |sku| Shop::price.cache().contains((&Shop { id: 1, discount: 9 }, sku));
    assert_eq!((shop.price("tea"), shop.price("milk")), (3, 4));
    shop.set("tea");
    assert_eq!((is_kept("tea"), is_kept("milk")), (false, true));
    let mut shop = shop.take("milk");
    assert!(!is_kept("milk"));
    shop.price("tea");
    block_on(Arc::new(shop.clone()).later("tea".into()));
    assert!(!is_kept("tea"));

    let before = shop.clone();
    assert_eq!((shop.of_trait(3), shop.provided(3), shop.provided(4)), (3, 3, 4));
    shop.set_of_trait(3);
    assert!(!<Shop as Prices>::of_trait.cache().contains((&before, 3)));
    assert_eq!(before.of_trait(3), 3);
    before.provided(3);
    before.set_provided(3);
    let provided = [3, 4].map(|n| <Shop as Prices>::provided.cache().contains((&before, n)));
    assert_eq!((provided, <Shop as Prices>::of_trait.cache().contains((&before, 3))), ([false, true], false));
}

#[test]
fn generic_functions() {
    #[cached]
    fn parse<T>(text: &str) -> Option<T>
    where
        T: std::str::FromStr + Clone + Send + Sync + 'static,
    {
        text.parse().ok()
    }
    #[invalidates(parse::<u32>(text))]
    fn numbers(text: &str) {}
    #[invalidates(parse::<T>(text))]
    fn of<T>(text: &str)
    where
        T: std::str::FromStr + Clone + Send + Sync + 'static,
    {
    }

    let kept = || (parse::<u32>.cache().contains(("7",)), parse::<String>.cache().contains(("7",)));
    assert_eq!((parse::<u32>("7"), parse::<String>("7")), (Some(7), Some("7".into())));
    numbers("7");
    assert_eq!(kept(), (false, true));
    parse::<u32>("7");
    of::<String>("7");
    assert_eq!(kept(), (true, false));
}

#[test]
fn a_function_whose_types_cannot_be_named_loses_one_value_too() {
    #[cached(key = shown.to_string())]
    fn show(shown: impl std::fmt::Display) -> String {
        shown.to_string()
    }
    #[invalidates(show(n))]
    fn save(n: u32) {}

    let runs = || festoon::cache::all().iter().find(|cache| cache.name().contains("show<u32>")).unwrap().info();
    (0_u32..4).for_each(|n| assert_eq!(show(n), n.to_string()));
    save(2);
    assert_eq!((runs().len, runs().misses), (3, 4));
    assert_eq!((show(2_u32), runs().misses), ("2".to_owned(), 5));
}
