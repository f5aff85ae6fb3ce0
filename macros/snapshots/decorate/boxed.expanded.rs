fn load(
    &self,
    argument1: Guard,
    name: String,
    argument3: (Part, Part),
) -> Pin<Box<dyn Future<Output = usize> + '_>> {
    {
        Box::pin(async move {
            {
                let decorator = &traced;
                let future = decorator(
                    async move |
                        argument1: Guard,
                        name: String,
                        argument3: (Part, Part),
                    | -> usize {
                        let future = {
                            #[allow(clippy::restriction)]
                            let argument1 = argument1;
                            #[allow(clippy::restriction)]
                            let _ = argument1;
                            #[allow(clippy::restriction)]
                            let name = name;
                            #[allow(clippy::restriction)]
                            let mut name = name;
                            #[allow(clippy::restriction)]
                            let argument3 = argument3;
                            #[allow(clippy::restriction)]
                            let (first, _) = argument3;
                            async move {
                                if false {
                                    return ::festoon::__private::absurd::<usize>();
                                }
                                {
                                    name.len() + first.len()
                                }
                            }
                        };
                        future.await
                    },
                    argument1,
                    name,
                    argument3,
                );
                let _ = || {
                    use ::festoon::__private::decorate::{Ran as _, Undecorated as _};
                    ::festoon::__private::decorate::made3(decorator, &future)
                        .and(&future)
                        .decorates_nothing()
                };
                future
            }
                .await
        })
    }
}
