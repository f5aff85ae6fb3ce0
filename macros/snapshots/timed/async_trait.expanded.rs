fn find<'life0, 'async_trait>(
    &'life0 self,
    id: u64,
) -> ::core::pin::Pin<
    Box<
        dyn ::core::future::Future<
            Output = Option<User>,
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
            {
                fn festoon_inside() {}
                ::festoon::__private::declare!(
                    ::festoon::__private::Declared::new(& festoon_inside, & ["timed"],
                    ::festoon::__private::Place::new(::core::file!(), ::core::line!(),
                    ::core::column!(), ::core::option_env!("CARGO_PKG_VERSION"),),)
                );
            }
            ::festoon::__private::timed::poll(
                    {
                        static FESTOON_SITE: ::festoon::__private::timed::TimedSite = ::festoon::__private::timed::TimedSite::new(
                            ::festoon::__private::timed::Settings::NONE,
                            ::festoon::__private::Place::new(
                                ::core::file!(),
                                ::core::line!(),
                                ::core::column!(),
                                ::core::option_env!("CARGO_PKG_VERSION"),
                            ),
                        );
                        &FESTOON_SITE
                    },
                    ::core::any::type_name_of_val(&|| ()),
                    async move {
                        if false {
                            return ::festoon::__private::absurd::<Option<User>>();
                        }
                        {
                            if let ::core::option::Option::Some(__ret) = ::core::option::Option::None::<
                                Option<User>,
                            > {
                                #[allow(unreachable_code)] return __ret;
                            }
                            let __ret: Option<User> = { __self.users.get(id).await };
                            #[allow(unreachable_code)] __ret
                        }
                    },
                    ::festoon::__private::success,
                )
                .await
        })
    }
}
