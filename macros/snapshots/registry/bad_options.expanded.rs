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
    "`Codec` is a trait for each of its associated types: add `where Self: Sized`, or put `#[registry]` on one of them, as `trait Of: Codec<Out = ..> {}`"
}
