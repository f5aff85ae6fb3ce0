trait Codec<T> {
    type Out;
}
::core::compile_error! {
    "`#[registry]` has no option `agrs`, did you mean `args`?"
}
::core::compile_error! {
    "write each argument with its name: `args(level: u32)`"
}
::core::compile_error! {
    "`Codec` is a trait for each of its parameters: put `#[registry]` on one of them, as `trait Of: Codec<..> {}`"
}
::core::compile_error! {
    "`Codec` is a trait for each of its associated types: add `where Self: Sized`, or put `#[registry]` on one of them, as `trait Of: Codec<Out = ..> {}`"
}
