#[cached]
async fn price(&self, (sku, day): (String, Day), r#type: u8) -> Result<Price, Error> {
    self.shop.ask(sku, day).await?
}
