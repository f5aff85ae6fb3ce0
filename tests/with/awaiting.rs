//! Managers that await.

use super::*;

/// Entered and exited with `.await`.
struct Pool<'a>(&'a crate::context_manager::Log, &'static str);
struct Connection<'a>(&'a crate::context_manager::Log, &'static str);

impl<'a> AsyncManager for Pool<'a> {
    type Active = Connection<'a>;
    type EnterError = io::Error;

    async fn enter(self) -> io::Result<Connection<'a>> {
        pause().await;
        self.0.add(format!("+{}", self.1));
        Ok(Connection(self.0, self.1))
    }
}

impl<E: Send> AsyncExit<E> for Connection<'_> {
    async fn exit(self, how: Outcome<'_, E>) -> Result<Verdict<E>, E> {
        pause().await;
        self.0.add(format!("-{}: {}", self.1, how.name()));
        Ok(Verdict::Pass)
    }

    fn cancelled(self) {
        self.0.add(format!("-{}: cancelled", self.1));
    }
}

async fn asking(log: &crate::context_manager::Log, how: &str) -> Any<usize> {
    let value = with!(async connection = Pool(log, "a"), callback(|how| log.add(how.name())) => {
        pause().await;
        let value = how.parse::<usize>()?;
        let name = with!(async Pool(log, "b") => {
            pause().await;
            connection.1
        });
        value + name.len()
    });
    pause().await;
    Ok(value)
}

#[test]
fn managers_that_await() {
    let log = crate::context_manager::Log::default();
    assert_eq!(block_on(is_send(asking(&log, "1"))).unwrap(), 2);
    assert_eq!(log.take(), ["+a", "+b", "-b: success", "success", "-a: success"]);
    assert!(block_on(asking(&log, "x")).is_err());
    assert_eq!(log.take(), ["+a", "error", "-a: error"]);
}

#[test]
fn a_dropped_future_is_told_as_cancelled() {
    let log = crate::context_manager::Log::default();
    let told = |polls| {
        cancel_after(polls, asking(&log, "1"));
        log.take().join(" ")
    };
    let held = "cancelled -a: cancelled";
    assert_eq!([0, 1, 2, 3].map(told), [String::new(), String::new(), format!("+a {held}"), format!("+a {held}")]);
    assert_eq!(told(4), format!("+a +b -b: cancelled {held}"));
    assert_eq!(told(5), format!("+a +b {held}"), "the exit of b has begun");
    assert_eq!(told(6), "+a +b -b: success success", "the one of a too");
}
