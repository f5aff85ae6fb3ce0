struct Bad<T>(T);
::core::compile_error! {
    "a registry belongs to a trait: write `dyn Codec`"
}
::core::compile_error! {
    "`Bad` is a type for each of its parameters: say which, as `#[register(dyn Trait, for = Bad<..>, name = \"..\")]`, once for each"
}
::core::compile_error! {
    "`#[register]` has no option `nmae`, did you mean `name`?"
}
::core::compile_error! {
    "`Bad` is a type for each of its parameters: say which, as `#[register(dyn Trait, for = Bad<..>, name = \"..\")]`, once for each"
}
::core::compile_error! {
    "a tag has a name and a value: `tag(kind = \"lossless\")`"
}
::core::compile_error! {
    "this type already has the name `x`"
}
::core::compile_error! {
    "missing trait: write `#[register(dyn Trait, name = \"..\")]`"
}
