use festoon::cached;

#[cached]
fn push(list: &mut Vec<u32>, n: u32) -> usize {
    list.push(n);
    list.len()
}

fn main() {}
