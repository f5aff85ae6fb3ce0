//! Prints what is found.

festoon::link!(one, two, two_old);
festoon::require!(dyn base::Format: "decimal", "hex", "one", "two-1", "two-2");

/// The name of a type in another crate.
#[cfg(feature = "twice")]
mod twice {
    use base::Format;

    #[festoon::register(dyn Format, name = "one")]
    #[derive(Default)]
    struct Other;

    impl Format for Other {
        fn format(&self, number: u64) -> String {
            number.to_string()
        }
    }
}

#[cfg(feature = "missing")]
festoon::require!(dyn base::Format: "unnamed");

fn main() {
    println!("{}", base::found().join("\n"));
    let shared = <dyn base::Shared>::registry();
    assert_eq!(shared.names(), ["shared", "shared", "shared"]);
    shared.check(&["shared"]).unwrap();
    <dyn base::Format>::registry().check(&["one"]).unwrap();
    assert_eq!(<dyn base::Format>::registry().create("one", ()).unwrap().format(7), "one 7");
}
