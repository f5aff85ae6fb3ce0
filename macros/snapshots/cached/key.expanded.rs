pub(crate) fn tax(&mut self, sku: &str, day: Day) -> u64 {
    {
        {
            #[allow(clippy::used_underscore_binding)]
            let found = {
                #[allow(unused_imports)]
                use ::festoon::__private::cached::by_type::*;
                static FESTOON_SITE: ::festoon::__private::cached::Site = ::festoon::__private::cached::Site::new(
                    ::festoon::__private::cached::Settings::NONE.unbounded(),
                );
                ::festoon::__private::cached::look_up(
                    &FESTOON_SITE,
                    (&&&&::festoon::__private::cached::Returned::<u64>::NEW).policy(),
                    ::festoon::__private::cached::Unbounded(
                        ::festoon::__private::cached::Lasting,
                    ),
                    ::festoon::__private::cached::Parts((
                            (&&&&::festoon::__private::cached::Arg(&(self.country)))
                                .part(),
                            (&&&&::festoon::__private::cached::Arg(
                                &(sku.to_lowercase()),
                            ))
                                .part(),
                            (&&&&::festoon::__private::cached::Arg(&day)).part(),
                        ))
                        .shown(),
                    {
                        #[allow(
                            unused_variables,
                            clippy::shadow_reuse,
                            clippy::shadow_same,
                            clippy::shadow_unrelated
                        )]
                        let key = |(this, sku, day): (&mut Self, &str, Day)| ::festoon::__private::cached::Part::own(
                            &(
                                (&&&&::festoon::__private::cached::Arg(&(this.country)))
                                    .part(),
                                (&&&&::festoon::__private::cached::Arg(
                                    &(sku.to_lowercase()),
                                ))
                                    .part(),
                                (&&&&::festoon::__private::cached::Arg(&day)).part(),
                            ),
                        );
                        key
                    },
                )
            };
            match found {
                ::festoon::__private::cached::Found::Hit(value) => value,
                ::festoon::__private::cached::Found::Miss(miss) => {
                    miss.run(|| -> u64 {
                        {
                            self.rate(sku)
                        }
                    })
                }
            }
        }
    }
}
