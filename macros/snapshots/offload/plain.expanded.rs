async fn double(mut n: u32) -> u32 {
    {
        ::festoon::__private::offload::run::<
            u32,
        >(
                ::festoon::__private::offload::DefaultPool,
                move || -> u32 {
                    {
                        n *= 2;
                        n
                    }
                },
            )
            .await
    }
}
async fn nothing() {
    {
        ::festoon::__private::offload::run::<
            (),
        >(::festoon::__private::offload::TokioPool, move || -> () { {} })
            .await
    }
}
async fn opaque(
    self: Arc<Self>,
    items: impl Iterator<Item = u8> + Send + 'static,
) -> impl Iterator<Item = u8> {
    {
        ::festoon::__private::offload::run::<
            _,
        >(
                self.pool.clone(),
                move || -> _ {
                    let _ = (&items,);
                    {
                        items
                    }
                },
            )
            .await
    }
}
