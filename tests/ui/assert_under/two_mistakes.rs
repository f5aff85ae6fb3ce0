use festoon::testing::assert_under;

#[festoon::timed]
fn price() {}

fn main() {
    assert_under!(price, median < 20ms, max < 5);
}
