#[registry(args(level: u32, map: HashMap<String, Vec<&'static str>>), crate = my::festoon)]
pub trait Codec: Send + Sync {
    fn run(&self) -> String;
}
