struct Request(String);

impl Request {
    #[festoon::retry(clone(self, out))]
    fn send(&self, out: &mut Vec<u8>) -> Result<(), String> {
        out.extend(self.0.bytes());
        Ok(())
    }
}

fn main() {}
