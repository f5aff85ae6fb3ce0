fn greet<'a>(
    &self,
    name: &'a str,
    n: u32,
    argument3: (u8, impl Display),
    argument4: &dyn for<'b> Fn(&'b u8),
) -> &'a str {
    {
        shout(
            move |
                #[allow(clippy::restriction)]
                name: &'_ str,
                #[allow(clippy::restriction)]
                mut n: u32,
                #[allow(clippy::restriction)]
                (a, _): (u8, _),
                #[allow(clippy::restriction)]
                _unused: &dyn for<'b> Fn(&'b u8),
            | -> &'_ str {
                {
                    n += 1;
                    name
                }
            },
            name,
            n,
            argument3,
            argument4,
        )
    }
}
fn nothing() {
    { with_prefix("> ")(move || -> () { {} }) }
}
fn never() -> ! {
    {
        ::festoon::__private::decorate::with0(
            move || {
                {
                    loop {}
                }
            },
            |next| next(),
        )
    }
}
