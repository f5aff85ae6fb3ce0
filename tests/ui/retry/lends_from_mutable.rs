struct Rows(Vec<String>);

impl Rows {
    #[festoon::retry]
    fn next(&mut self) -> Result<&mut String, String> {
        self.0.first_mut().ok_or_else(String::new)
    }

    #[festoon::retry]
    fn of<'a>(&self, rows: &'a mut Vec<u8>) -> Option<std::slice::Iter<'a, u8>> {
        Some(rows.iter())
    }
}

fn main() {}
