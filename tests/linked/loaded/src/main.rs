//! Loads a library with plug-ins, looks at what is found here and there, and unloads it.

use libloading::{Library, Symbol};

fn main() {
    let path = std::env::args_os().nth(1).expect("the path of a library");
    let before = base::found();
    for _ in 0..2 {
        // SAFETY: what it runs when it is loaded is the registration of its types, in a list of its own.
        let library = unsafe { Library::new(&path) }.expect("it can be loaded");
        // SAFETY: both are declared so in `lib/src/lib.rs`.
        let (count, finds_one) = unsafe {
            let count: Symbol<'_, extern "C" fn() -> u32> = library.get(b"count_formats").expect("it is there");
            let finds_one: Symbol<'_, extern "C" fn() -> bool> = library.get(b"finds_one").expect("it is there");
            (count(), finds_one())
        };
        println!("inside: {count}, one: {finds_one}");
        println!("here: {}", base::found().len());
        assert_eq!(base::found(), before, "a library has a registry of its own");
        library.close().expect("it can be unloaded");
        assert_eq!(base::found(), before, "nothing of it is left here");
    }
}
