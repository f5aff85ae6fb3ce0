#[retry(attempts = 2, wait = chain[1ms, 5ms])]
fn find<'life0, 'async_trait>(
    &'life0 self,
    id: u64,
) -> ::core::pin::Pin<Box<dyn ::core::future::Future<Output = Result<User, Error>> + ::core::marker::Send + 'async_trait>>
where
    'life0: 'async_trait,
    Self: 'async_trait,
{
    Box::pin(async move {
        let __self = self;
        let __ret: Result<User, Error> = { __self.users.get(id).await };
        #[allow(unreachable_code)]
        __ret
    })
}
