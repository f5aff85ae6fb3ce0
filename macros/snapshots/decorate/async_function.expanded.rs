async fn greet(&mut self, name: &str) -> Result<String, Error> {
    {
        shout(
                async move |
                    #[allow(clippy::restriction)]
                    name: &str,
                | -> Result<String, Error> {
                    {
                        Ok(name.parse()?)
                    }
                },
                name,
            )
            .await
    }
}
