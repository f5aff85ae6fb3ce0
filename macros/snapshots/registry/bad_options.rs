#[registry(args(u32), agrs(level: &str))]
trait Codec<T> {
    type Out;
}
