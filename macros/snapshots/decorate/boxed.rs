#[decorate(traced)]
fn load(&self, _: Guard, mut name: String, (first, _): (Part, Part)) -> Pin<Box<dyn Future<Output = usize> + '_>> {
    Box::pin(async move { name.len() + first.len() })
}
