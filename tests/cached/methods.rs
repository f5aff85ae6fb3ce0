//! Methods, traits and generics.

use super::*;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Shop {
    id: u32,
    opened: u32,
}

#[cached]
impl Shop {
    fn price(&self, sku: &str) -> String {
        format!("{sku} at {}", self.id)
    }

    fn stock(self: &Arc<Self>, sku: &str) -> u32 {
        self.id + u32::try_from(sku.len()).unwrap()
    }

    fn taken(self, n: u32) -> u32 {
        self.id + n
    }

    #[cached(key = (self.id, sku))]
    fn by_id(&mut self, sku: &str, _reason: &dyn std::fmt::Debug) -> u32 {
        self.opened += 1;
        u32::try_from(sku.len()).unwrap() + self.id
    }

    #[cached(skip(self))]
    fn tax(&self, percent: u32) -> u32 {
        percent + self.opened
    }
}

#[test]
fn the_instance_is_a_part_of_the_key() {
    let (one, two) = (Shop { id: 1, opened: 0 }, Shop { id: 2, opened: 0 });
    assert_eq!((one.price("tea"), two.price("tea")), ("tea at 1".into(), "tea at 2".into()));
    assert_eq!((one.clone().price("tea"), Shop::price.cache().info().hits), ("tea at 1".into(), 1));
    assert!(Shop::price.cache().contains((&one, "tea")));
    assert!(!Shop::price.cache().contains((&one, "milk")));

    let shared = Arc::new(one.clone());
    assert_eq!((shared.stock("tea"), shared.stock("tea")), (4, 4));
    assert_eq!(Shop::stock.cache().info().hits, 1);
    assert_eq!((one.clone().taken(1), two.taken(1), one.taken(1)), (2, 3, 2));
    assert_eq!(Shop::taken.cache().info().misses, 2);
}

#[test]
fn the_instance_is_left_out_on_demand() {
    let (one, two) = (Shop { id: 1, opened: 5 }, Shop { id: 2, opened: 7 });
    assert_eq!((one.tax(20), two.tax(20)), (25, 25));
    assert!(Shop::tax.cache().contains((&two, 20)));
}

#[test]
fn a_key_may_be_said() {
    let mut shop = Shop { id: 1, opened: 0 };
    assert_eq!((shop.by_id("tea", &1), shop.by_id("tea", &2), shop.by_id("milk", &3)), (4, 4, 5));
    assert_eq!(shop.opened, 2);
    assert_eq!(Shop::by_id.cache().peek((&mut shop, "tea", &"other")), Some(4));
}

#[test]
fn a_key_may_be_computed() {
    const VERSION: u32 = 3;
    #[cached(key = (name.trim().to_lowercase(), weight.to_bits(), VERSION))]
    fn label(name: &str, weight: f64) -> String {
        format!("{name}/{weight}")
    }
    #[cached(key = format!("{n}{}", text.len()))]
    fn formatted(n: u8, text: &str) -> usize {
        text.len() + usize::from(n)
    }
    #[cached(key = n % 10)]
    fn last_digit(n: u64) -> u64 {
        n % 10
    }

    assert_eq!((label(" Tea", 1.5), label("tea ", 1.5)), (" Tea/1.5".into(), " Tea/1.5".into()));
    assert!(label.cache().invalidate(("TEA", 1.5)));
    assert_eq!(label("tea ", 1.5), "tea /1.5");
    assert_eq!((formatted(1, "a"), formatted(1, "b"), formatted(2, "a")), (2, 2, 3));
    assert_eq!((formatted.cache().info().hits, formatted.cache().peek((2, "x"))), (1, Some(3)));
    assert_eq!((last_digit(13), last_digit(23), last_digit.cache().info().hits), (3, 3, 1));
}

trait Prices {
    fn price(&self, n: u32) -> u32;
    fn twice(&self, n: u32) -> u32
    where
        Self: Clone + Eq + std::hash::Hash + Send + Sync + 'static;
}

#[cached]
impl Prices for Shop {
    fn price(&self, n: u32) -> u32 {
        self.id * n
    }

    fn twice(&self, n: u32) -> u32 {
        2 * Prices::price(self, n)
    }
}

impl Prices for u32 {
    #[cached]
    fn price(&self, n: u32) -> u32 {
        self + n
    }

    fn twice(&self, n: u32) -> u32 {
        2 * self.price(n)
    }
}

#[test]
fn trait_methods_have_a_cache_for_each_implementor() {
    let shop = Shop { id: 7, opened: 0 };
    assert_eq!((Prices::price(&shop, 3), shop.twice(3), shop.twice(3), 4.twice(5)), (21, 42, 42, 18));
    assert_eq!(<Shop as Prices>::twice.cache().info().hits, 1);
    assert_eq!(<Shop as Prices>::price.cache().info().misses, 1);
    assert_eq!(<u32 as Prices>::price.cache().info().misses, 1);
}

#[test]
fn a_generic_function_has_a_cache_for_each_instantiation() {
    static RUNS: Runs = Runs::new();
    #[cached]
    fn parsed<T>(text: &str) -> Option<T>
    where
        T: std::str::FromStr + Clone + Send + Sync + 'static,
    {
        RUNS.one();
        text.parse().ok()
    }

    assert_eq!((parsed::<u8>("7"), parsed::<f64>("7"), parsed::<String>("7")), (Some(7), Some(7.0), Some("7".into())));
    assert_eq!((parsed::<u8>("7"), parsed::<f64>("7"), parsed::<String>("7")), (Some(7), Some(7.0), Some("7".into())));
    assert_eq!(RUNS.count(), 3);
    assert_eq!(parsed::<f64>.cache().peek(("7",)), Some(Some(7.0)));
    parsed::<f64>.cache().clear();
    assert_eq!((parsed::<f64>.cache().info().len, parsed::<u8>.cache().info().len), (0, 1));
}

#[test]
fn const_generics_and_types_with_lifetimes_are_told_apart() {
    static RUNS: Runs = Runs::new();
    #[cached(skip(text))]
    fn wide<const N: usize, T: AsRef<str>>(n: usize, text: T) -> [usize; N] {
        RUNS.one();
        [n + text.as_ref().len(); N]
    }

    let (short, long) = ("a".to_owned(), "bb".to_owned());
    assert_eq!(
        (wide::<1, &str>(1, &short), wide::<2, &str>(1, &short), wide::<2, &str>(1, &long)),
        ([2], [2, 2], [2, 2])
    );
    assert_eq!(wide::<2, String>(1, long), [3, 3]);
    assert_eq!(RUNS.count(), 3);
}
