//! Functions that macros make.

use super::*;

macro_rules! make {
    ($(#[$attr:meta])* $vis:vis $name:ident, $ty:ty, $value:expr) => {
        $(#[$attr])*
        #[timed]
        $vis fn $name(extra: $ty) -> $ty {
            extra + $value * 2
        }
    };
}

make!(/// One.
    pub(super) one, u8, 1 + 1);
make!(two, u16, 2);

macro_rules! binds {
    ($name:ident, $value:expr, $negative:expr) => {
        #[timed]
        fn $name() -> (i32, i32, f64, i32, Vec<i32>) {
            let list = [0, 1, 2, 3, 4, 5];
            (
                -$value,
                $negative.abs(),
                f64::from($value as i32 * 2),
                list[$value as usize],
                ($value..$value + 1).collect(),
            )
        }
    };
}

binds!(bound, 1 + 1, -3_i32);

macro_rules! typed {
    ($name:ident, $ty:ty, $ret:ty) => {
        #[timed]
        fn $name<'a>(value: &'a $ty) -> Result<&'a $ty, $ret> {
            Ok(value)
        }

        const _: () = {
            #[timed]
            fn future() -> $ret {
                Box::pin(async move { 1 })
            }
            let _ = future;
        };
    };
}

typed!(typed, dyn Display + Send, Pin<Box<dyn Future<Output = u8>>>);

macro_rules! with_body {
    ($name:ident $body:block) => {
        #[timed(name = stringify!($name))]
        fn $name() -> Result<u8, String> $body
    };
}

with_body!(bodied {
    let n: u8 = "3".parse().map_err(|_| "no".to_owned())?;
    Ok(n)
});

macro_rules! decorate_item {
    ($item:item) => {
        #[timed]
        $item
    };
}

decorate_item! {
    /// With its own attributes.
    #[inline]
    fn whole(n: u8) -> u8 {
        n
    }
}

struct Shop;

decorate_item! {
    impl Shop {
        fn price(&self) -> u8 {
            3
        }
    }
}

macro_rules! module {
    ($name:ident { $($item:item)* }) => {
        #[timed]
        pub mod $name {
            $($item)*
        }
    };
}

module!(inner {
    pub const LIMIT: u8 = 3;
    pub fn f() -> u8 { LIMIT }
    pub async fn g() -> Result<u8, ()> { Ok(LIMIT) }
});

macro_rules! limited {
    ($limit:expr, $name:literal) => {
        #[timed(warn_over = $limit, name = $name)]
        fn limited() -> u8 {
            1
        }
    };
}

limited!(std::time::Duration::from_secs(1), "limited");

#[test]
fn functions_from_macros() {
    assert_eq!((one(1), two(1)), (5, 5));
    assert_eq!(bound(), (-2, 3, 4.0, 2, vec![2]));
    assert_eq!(typed(&1).map_err(drop).map(ToString::to_string), Ok("1".to_owned()));
    assert_eq!((one.timing().calls(), two.timing().calls()), (1, 1));
    assert_eq!((bodied(), whole(1), Shop.price(), inner::f(), now(inner::g())), (Ok(3), 1, 3, 3, Ok(3)));
    assert_eq!((bodied.timing().calls(), whole.timing().calls(), Shop::price.timing().calls()), (1, 1, 1));
    assert_eq!((inner::f.timing().calls(), inner::g.timing().calls()), (1, 1));
    assert_eq!((limited(), limited.timing().calls()), (1, 1));
}
