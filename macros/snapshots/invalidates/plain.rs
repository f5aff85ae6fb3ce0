#[invalidates(get_user(id), Shop::price(shop, sku), list_users)]
/// Saves.
pub fn save(id: u64, shop: &Shop, sku: &str) {
    work(id);
}
