struct Request(String);

impl Request {
    #[festoon::retry]
    fn send(self) -> Result<String, String> {
        Ok(self.0)
    }
}

fn main() {}
