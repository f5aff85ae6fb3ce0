impl Greets for Host {
    fn greet<'life0, 'async_trait>(
        &'life0 self,
        name: String,
    ) -> ::core::pin::Pin<
        Box<
            dyn ::core::future::Future<
                Output = String,
            > + ::core::marker::Send + 'async_trait,
        >,
    >
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        {
            Box::pin(async move {
                let __self = self;
                let name = name;
                shout(
                        async move |
                            #[allow(clippy::restriction)]
                            name: String,
                        | -> String {
                            if false {
                                return ::festoon::__private::absurd::<String>();
                            }
                            {
                                let __ret: String = { name };
                                __ret
                            }
                        },
                        name,
                    )
                    .await
            })
        }
    }
}
