use festoon::managers::nullcontext;
use festoon::with;

fn main() {
    with!(one = nullcontext(1) => **one);
}
