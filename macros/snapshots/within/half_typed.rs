#[within(lock name)]
fn f() { if 1 }
