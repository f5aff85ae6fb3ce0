/// Saves.
pub fn save(id: u64, shop: &Shop, sku: &str) {
    {
        let forgotten = ::festoon::__private::invalidates::always([
            ::festoon::__private::invalidates::Decorated::cache(&get_user)
                .forgets::<1usize, _>((id,)),
            ::festoon::__private::invalidates::Decorated::cache(&Shop::price)
                .forgets::<2usize, _>((shop, sku)),
            ::festoon::__private::invalidates::Decorated::cache(&list_users)
                .forgets_all(),
        ]);
        {
            work(id);
        }
    }
}
