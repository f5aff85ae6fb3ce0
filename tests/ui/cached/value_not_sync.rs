use festoon::cached;

#[cached]
fn shared(n: u32) -> std::rc::Rc<u32> {
    std::rc::Rc::new(n)
}

fn main() {}
