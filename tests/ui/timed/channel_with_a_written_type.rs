use festoon::timing;

fn main() {
    let (tx, rx) = timing::channel("jobs", std::sync::mpsc::channel::<u32>());
    tx.send(1).unwrap();
    rx.recv().unwrap();
}
