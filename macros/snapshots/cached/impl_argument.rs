#[cached]
fn text(shown: impl ToString + Key) -> String {
    shown.to_string()
}
