use festoon::cached;

macro_rules! define {
    ($n:ident) => {
        #[cached(skip(n))]
        fn sum($n: u32, n: u32) -> u32 {
            $n + n
        }
    };
}

define!(n);

fn main() {}
