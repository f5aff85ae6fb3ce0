crate::stacks::loud! {
    #[doc = " Docs."] fn greet(name : & str) -> String { name.to_owned() }
}
