use festoon::testing::assert_under;

#[festoon::timed]
fn price() {}

fn main() {
    assert_under!(7, p95 < 20ms);
}
