async fn fetch(url: String) -> std::io::Result<usize> {
    {
        ::festoon::__private::timeout::limited(
                ::core::time::Duration::new(2u64, 0u32),
                async move {
                    if false {
                        return ::festoon::__private::absurd::<std::io::Result<usize>>();
                    }
                    let _ = (&url,);
                    {
                        Ok(url.len())
                    }
                },
                ::festoon::__private::timeout::cut_off::<std::io::Result<usize>>(),
            )
            .await
    }
}
async fn own(&mut self, n: u32) -> Option<u32> {
    {
        ::festoon::__private::timeout::limited(
                self.limit,
                async move {
                    if false {
                        return ::festoon::__private::absurd::<Option<u32>>();
                    }
                    {
                        Some(n)
                    }
                },
                ::festoon::__private::timeout::cut_off::<Option<u32>>(),
            )
            .await
    }
}
