//! What a worker says of a mistake in its setting.

use std::future::ready;

use super::*;
use crate::events;

#[test]
fn a_queue_without_functions_is_reported() {
    if shared().is_none() {
        return;
    }
    let told = events::of(|| {
        let worker = festoon::worker().queue("plane").queue("plain").store(at());
        assert_eq!(block_on(worker.until(ready(())).run()).unwrap().jobs, 0);
    });
    let told: Vec<_> = told.iter().filter(|line| line.contains("has this queue")).collect();
    let [line] = &told[..] else { panic!("{told:?}") };
    assert!(line.starts_with("WARN festoon") && line.contains("queue=\"plane\""), "{line}");
    assert!(line.contains("\"plain\"") && line.contains("\"panics\""), "the known ones: {line}");
}

#[test]
fn a_queue_has_a_name() {
    let told = std::panic::catch_unwind(|| festoon::worker().queue("")).unwrap_err();
    assert_eq!(told.downcast_ref::<&str>(), Some(&"festoon: a queue needs a name"));
}

#[test]
fn a_worker_whose_password_is_rejected_from_the_start_ends() {
    let Some(server) = server::start() else { return };
    server.ask::<()>(redis::cmd("CONFIG").arg(&["SET", "requirepass", "secret"]));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let bare = server.url();
    let wrong = bare.replace("redis://", "redis://:wrong@");
    for url in [bare, wrong] {
        let worker = festoon::worker().queue("plain").store(Redis::new(url));
        let ended = async { tokio::time::timeout(LONG, worker.run()).await.expect("it goes on") };
        let error = runtime.block_on(ended).unwrap_err();
        let QueueError::Unavailable(why) = &error else { panic!("{error:?}") };
        assert!(why.contains("is not set up correctly"), "{why}");
    }
}
