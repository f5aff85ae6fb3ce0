//! Generators, whose futures borrow for unnamed lifetimes.

use festoon::{Yields, context, context_manager, yield_};

struct Shop {
    names: Vec<String>,
}

impl Shop {
    #[context_manager]
    fn named(&mut self, name: &str) -> Yields<&mut Vec<String>> {
        self.names.push(name.to_owned());
        yield_!(&mut self.names);
        self.names.retain(|other| other != name);
    }

    #[context_manager]
    async fn later(&self, at: impl Into<usize> + Send) -> Result<Yields<&str>, String> {
        let at = at.into();
        let name = std::future::ready(self.names.get(at)).await.ok_or("none")?;
        yield_!(name);
        Ok(())
    }
}

context! {
    fn swapped<T: Copy>(pair: &mut (T, T)) -> Yields<&mut (T, T)> {
        let (a, b) = *pair;
        *pair = (b, a);
        yield &mut *pair;
        *pair = (pair.1, pair.0);
    }
}

#[test]
fn they_borrow_their_arguments() {
    let mut shop = Shop { names: vec![] };
    {
        let name = String::from("a");
        let mut names = shop.named(&name).enter();
        names.push("b".to_owned());
        assert_eq!(*names, ["a", "b"]);
    }
    assert_eq!(shop.names, ["b"]);
    let later = |at: usize| {
        let scope = shop.later(at).scope_async(async |name| Ok::<_, String>(name.len()));
        futures::executor::block_on(scope)
    };
    assert_eq!((later(0), later(1)), (Ok(1), Err("none".to_owned())));
    let mut pair = (1, 2);
    assert_eq!(*swapped(&mut pair).enter(), (2, 1));
    assert_eq!(pair, (1, 2));
}
