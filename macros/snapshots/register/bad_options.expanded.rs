struct Bad<T>(T);
::core::compile_error! {
    "expected a trait object: write `dyn Codec`"
}
::core::compile_error! {
    "cannot register the generic type `Bad`: register each instantiation, as in `#[register(dyn Trait, for = Bad<..>, name = \"..\")]`"
}
::core::compile_error! {
    "`#[register]` has no option `nmae`, did you mean `name`?"
}
::core::compile_error! {
    "cannot register the generic type `Bad`: register each instantiation, as in `#[register(dyn Trait, for = Bad<..>, name = \"..\")]`"
}
::core::compile_error! {
    "expected a name and a value: write `tag(kind = \"lossless\")`"
}
::core::compile_error! {
    "this type already has the name `x`"
}
::core::compile_error! {
    "missing trait: write `#[register(dyn Trait, name = \"..\")]`"
}
