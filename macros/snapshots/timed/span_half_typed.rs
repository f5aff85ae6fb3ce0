#[timed(span(fields(,), err( %)))]
fn g() {}
