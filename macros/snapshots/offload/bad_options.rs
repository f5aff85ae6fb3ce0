#[offload(pool = rayn, rayon)]
async fn double(n: &u32) -> &str {
    "x"
}
