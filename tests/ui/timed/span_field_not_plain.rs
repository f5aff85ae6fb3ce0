use festoon::timed;

#[derive(Debug)]
struct Order;

#[timed(span(fields(order)))]
fn ship(order: &Order) -> bool {
    matches!(order, Order)
}

fn main() {}
