async fn greet(&mut self, name: &str) -> Result<String, Error> {
    {
        {
            let decorator = &shout;
            let future = decorator(
                async move |
                    #[allow(clippy::restriction)]
                    name: &str,
                | -> Result<String, Error> {
                    if false {
                        return ::festoon::__private::absurd::<Result<String, Error>>();
                    }
                    let _ = &mut *self;
                    {
                        Ok(name.parse()?)
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
    }
}
