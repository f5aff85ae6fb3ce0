#[decorate]
fn nothing() {}

#[decorate("shout", layer = Limit, layr = 3)]
fn all() {}
