with! {
    tx = db.begin() => {
        if stop {
            break 'outer 3;
        }
        if again {
            continue;
        }
        let list = vec![f()?, 2];
        for n in list {
            if n == 0 {
                break;
            }
        }
        return tx.rows;
    }
}
