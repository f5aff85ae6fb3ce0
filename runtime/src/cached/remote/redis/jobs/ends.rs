//! Waiting for the end of a job: the server announces it on a channel.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

use super::super::bus::{News, listen_on};
use super::super::io;
use super::{Jobs, State};
use crate::sync::lock;

/// An announcement may get lost with a connection. After this long without one, the server is asked.
const QUIET: Duration = Duration::from_secs(1);

type Waiting = Mutex<HashMap<String, Vec<Arc<Notify>>>>;

/// Those of this process that wait for jobs of a queue.
pub(super) struct Ends {
    channel: &'static str,
    /// Never freed, because the task that listens may outlive everything else.
    waiting: &'static Waiting,
    /// The process that listens.
    listens: AtomicU32,
}

impl Ends {
    pub(super) fn leaked(channel: String) -> Self {
        let (channel, waiting) = (Box::leak(channel.into_boxed_str()), Box::leak(Box::new(Waiting::default())));
        Ends { channel, waiting, listens: AtomicU32::new(0) }
    }

    fn register(&self, id: &str) -> Registered {
        let told = Arc::new(Notify::new());
        lock(self.waiting).entry(id.to_owned()).or_default().push(Arc::clone(&told));
        Registered { waiting: self.waiting, id: id.to_owned(), told }
    }
}

/// One that waits, until it is dropped.
struct Registered {
    waiting: &'static Waiting,
    id: String,
    told: Arc<Notify>,
}

impl Drop for Registered {
    fn drop(&mut self) {
        let mut waiting = lock(self.waiting);
        if let Some(others) = waiting.get_mut(&self.id) {
            others.retain(|other| !Arc::ptr_eq(other, &self.told));
            if others.is_empty() {
                waiting.remove(&self.id);
            }
        }
    }
}

fn tell(waiting: &Waiting, news: News) {
    let waiting = lock(waiting);
    match news {
        News::Told(id) => {
            let told = std::str::from_utf8(&id).ok().and_then(|id| waiting.get(id));
            told.into_iter().flatten().for_each(|told| told.notify_one());
        }
        News::Listening => waiting.values().flatten().for_each(|told| told.notify_one()),
    }
}

impl Jobs {
    /// Waits until the job has ended, however long the server is away. On the thread that talks to Redis. If no worker has
    /// it when this time is over, it ends with that kind.
    pub(crate) async fn end_of(&self, id: &str, time: Option<(Duration, &str)>) -> State {
        self.listen();
        let registered = self.ends.register(id);
        let mut expires = time.map(|(left, kind)| (Instant::now() + left, kind));
        loop {
            match self.state(id).await {
                Ok(State::Waiting) | Err(_) => {}
                Ok(ended) => return ended,
            }
            let left = expires.map_or(QUIET, |(at, _)| at.saturating_duration_since(Instant::now()));
            let _quiet = timeout(left.min(QUIET), registered.told.notified()).await;
            if let Some((_, kind)) = expires.filter(|(at, _)| *at <= Instant::now())
                && self.expire(id, kind).await.is_ok()
            {
                expires = None;
            }
        }
    }

    /// Listens from now on, if this process does not yet.
    fn listen(&self) {
        let me = std::process::id();
        if self.ends.listens.swap(me, Ordering::Relaxed) == me {
            return;
        }
        let (Ok(line), Ok(runtime)) = (self.client.another_line(), io::runtime()) else { return };
        let (channel, limit, waiting) = (self.ends.channel, self.client.limit(), self.ends.waiting);
        drop(runtime.spawn(async move { listen_on(channel, line, limit, |news| tell(waiting, news)).await }));
    }
}
