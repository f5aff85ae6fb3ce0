async fn greet(&mut self, name: &str) -> Result<String, Error> {
    {
        shout(
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
            )
            .await
    }
}
