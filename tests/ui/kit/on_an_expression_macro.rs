use festoon::timed;

macro_rules! make {
    () => {
        fn made() {}
    };
}

// What it makes cannot be seen from here.
#[timed]
make! {}

fn main() {}
