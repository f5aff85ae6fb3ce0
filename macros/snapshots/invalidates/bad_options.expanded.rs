const fn save(&self, id: u64) {}
::core::compile_error! {
    "`#[invalidates]` runs code that a `const fn` cannot: remove `const`"
}
::core::compile_error! {
    "`when` is given twice"
}
::core::compile_error! {
    "`when` is first given here"
}
::core::compile_error! {
    "`when` is one of `always`, `ok`"
}
::core::compile_error! {
    "a method goes by its path: write `Self::get(self, id)`"
}
::core::compile_error! {
    "write a cached function with the arguments of the call whose value is out of date, `get_user(id)`, or alone for all of its values, `list_users`"
}
::core::compile_error! {
    "`#[invalidates]` has no option `get_user`; expected one of `when`"
}
