/// Stays, and stays first.
#[retry(atempts = 5, wait = exponential(50), attempts = 0)]
pub fn load(path: &str) -> io::Result<String> {
    fs::read_to_string(path)
}
