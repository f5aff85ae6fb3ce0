use festoon::managers::nullcontext;
use festoon::with;

fn main() {
    with!(mut one = nullcontext(1) => {});
}
