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
                {
                    let decorator = &shout;
                    let future = decorator(
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
                    );
                    let _ = || {
                        use ::festoon::__private::decorate::{Ran as _, Undecorated as _};
                        ::festoon::__private::decorate::made1(decorator, &future)
                            .and(&future)
                            .decorates_nothing()
                    };
                    future
                }
                    .await
            })
        }
    }
}
