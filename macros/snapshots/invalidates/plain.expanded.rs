/// Saves.
pub fn save(id: u64, shop: &Shop, sku: &str) {
    {
        let forgotten = ::festoon::__private::invalidates::always([
            {
                let function = &get_user;
                let _ = || function(::festoon::__private::invalidates::any());
                ::festoon::__private::invalidates::Decorated::cache(function)
                    .forgets((id,))
            },
            {
                let function = &Shop::price;
                let _ = || function(
                    ::festoon::__private::invalidates::any(),
                    ::festoon::__private::invalidates::any(),
                );
                ::festoon::__private::invalidates::Decorated::cache(function)
                    .forgets((shop, sku))
            },
            ::festoon::__private::invalidates::Decorated::cache(&list_users)
                .forgets_all(),
        ]);
        {
            work(id);
        }
    }
}
