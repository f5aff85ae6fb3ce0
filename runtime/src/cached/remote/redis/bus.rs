//! Notifies the holders of copies in memory, through Redis' own channels.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_core::Stream;
use redis::{ErrorKind, RedisError, RedisResult};
use tokio::time::{sleep, timeout};

use super::connection::Line;
use super::io;
use crate::cached::remote::follow::{self, Follower};
use crate::cached::remote::pause::pause;
use crate::sync::lock;

pub(super) const CHANNEL: &str = "festoon:news";

/// After this long without a message, the connection is checked.
const QUIET: Duration = Duration::from_secs(5);

/// The message when all of a function's entries are removed.
pub(super) fn news_of_all(prefix: &str) -> Vec<u8> {
    follow::news(prefix, None)
}

/// The holders of copies of a server's entries.
pub(super) struct Bus {
    followers: Mutex<HashMap<String, Vec<&'static dyn Follower>>>,
    /// Destructors of values and listeners run on a thread of their own, since they may wait for Redis, and the thread
    /// that talks to Redis must not block. This is the process that thread belongs to.
    teller: Mutex<Option<u32>>,
}

/// An event on the channel.
pub(super) enum News {
    /// A message from another process.
    Told(Vec<u8>),
    /// Listening has started; earlier messages are unknown.
    Listening,
}

impl Bus {
    /// Never freed, because its thread may outlive everything else.
    pub(super) fn leaked() -> &'static Self {
        Box::leak(Box::new(Bus { followers: Mutex::default(), teller: Mutex::default() }))
    }

    /// The first follower makes the process listen.
    pub(super) fn follow<F>(
        &'static self,
        prefix: &str,
        follower: &'static dyn Follower,
        listen: impl FnOnce(Sender<News>) -> F,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        lock(&self.followers).entry(prefix.to_owned()).or_default().push(follower);
        self.start(listen);
    }

    /// Listens, if there is a follower and this process does not listen yet.
    pub(super) fn start<F>(&'static self, listen: impl FnOnce(Sender<News>) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (me, mut teller) = (std::process::id(), lock(&self.teller));
        if *teller == Some(me) || lock(&self.followers).is_empty() {
            return;
        }
        let (sender, receiver) = channel();
        let thread = std::thread::Builder::new().name("festoon-redis-news".to_owned());
        let tell = move || receiver.into_iter().for_each(|news| self.tell(&news));
        if let (Ok(_), Ok(runtime)) = (thread.spawn(tell), io::runtime()) {
            drop(runtime.spawn(listen(sender)));
        }
        *teller = Some(me);
    }

    /// Drops all copies, since changes since the fork are unknown.
    pub(super) fn forget_all(&self) {
        self.tell(&News::Listening);
    }

    fn tell(&self, news: &News) {
        let (followers, key) = match news {
            News::Listening => (lock(&self.followers).values().flatten().copied().collect(), None),
            News::Told(news) => {
                let Some((prefix, key)) = follow::read(news) else { return };
                (lock(&self.followers).get(prefix).cloned().unwrap_or_default(), key)
            }
        };
        for follower in followers {
            // A panic in a value's destructor is ignored here.
            let _ = catch_unwind(AssertUnwindSafe(|| follower.forget(key)));
        }
    }
}

/// Listens for ever, reconnecting as needed.
pub(super) async fn listen(line: Arc<Line>, limit: Duration, news: Sender<News>) {
    listen_on(CHANNEL, line, limit, |event| drop(news.send(event))).await;
}

/// The same on any channel.
pub(super) async fn listen_on(channel: &str, line: Arc<Line>, limit: Duration, tell: impl Fn(News)) {
    let mut failures = 0_u32;
    loop {
        let mut heard = false;
        let _lost = hear(channel, &line, limit, &tell, &mut heard).await;
        failures = if heard { 0 } else { failures.saturating_add(1) };
        sleep(pause(failures)).await;
    }
}

async fn hear(channel: &str, line: &Line, limit: Duration, tell: &impl Fn(News), heard: &mut bool) -> RedisResult<()> {
    let (mut sink, stream) = within(limit, line.listener()).await?.split();
    within(limit, sink.subscribe(channel)).await?;
    let mut stream = pin!(stream);
    *heard = true;
    tell(News::Listening);
    loop {
        let next = std::future::poll_fn(|context| stream.as_mut().poll_next(context));
        match timeout(QUIET, next).await {
            Ok(Some(message)) => tell(News::Told(message.get_payload_bytes().to_vec())),
            Ok(None) => return Ok(()),
            Err(_) => within(limit, sink.ping::<()>()).await?,
        }
    }
}

async fn within<T>(limit: Duration, what: impl Future<Output = RedisResult<T>>) -> RedisResult<T> {
    let late = || RedisError::from((ErrorKind::Io, "no answer in time"));
    timeout(limit, what).await.unwrap_or_else(|_| Err(late()))
}
