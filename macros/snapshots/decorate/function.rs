#[decorate(shout)]
fn greet<'a>(&self, name: &'a str, mut n: u32, (a, _): (u8, impl Display), _unused: &dyn for<'b> Fn(&'b u8)) -> &'a str {
    n += 1;
    name
}

#[decorate(with_prefix("> "))]
fn nothing() {}

#[decorate(|next| next())]
fn never() -> ! {
    loop {}
}
