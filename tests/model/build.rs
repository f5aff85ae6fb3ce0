//! Sets `cfg(shuttle)`.

fn main() {
    println!("cargo::rustc-cfg=shuttle");
}
