#[timed]
fn find(&self, id: u64) -> Pin<Box<dyn Future<Output = User> + Send + '_>> {
    let users = self.users.clone();
    audit(id);
    Box::pin(async move { users.get(id).await })
}
