trait Codec<T> {
    type Out;
}
::core::compile_error! {
    "`#[registry]` has no option `agrs`, did you mean `args`?"
}
::core::compile_error! {
    "expected a name and a type for each argument: write `args(level: u32)`"
}
::core::compile_error! {
    "a generic trait cannot have a registry: put `#[registry]` on one instantiation, as in `trait Of: Codec<..> {}`"
}
::core::compile_error! {
    "a trait with associated types cannot have a registry: add `where Self: Sized`, or put `#[registry]` on one that fixes them, as in `trait Of: Codec<Out = ..> {}`"
}
