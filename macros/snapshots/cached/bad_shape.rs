#[cached]
fn first(list: &mut Vec<f64>, x: f64, words: &[&str]) -> &f64 {
    &list[0]
}
