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
    "`when` has to be one of `always`, `ok`"
}
::core::compile_error! {
    "expected the path of the method: write `Self::get(self, id)`"
}
::core::compile_error! {
    "write the call of a cached function to invalidate its value, `get_user(id)`, or the function to invalidate all of its values, `list_users`"
}
::core::compile_error! {
    "`#[invalidates]` has no option `get_user`; expected one of `when`"
}
