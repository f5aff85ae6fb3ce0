use festoon::testing::assert_under;

#[festoon::timed]
fn price() {}

fn main() {
    assert_under!(price p95 < 20ms);
}
