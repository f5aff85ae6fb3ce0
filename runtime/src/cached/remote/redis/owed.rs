//! Removals that the server has not confirmed, because it was down, too slow, or refused them. They are repeated until it
//! has confirmed them; until then, no other command for that function is sent, so that a process does not find what it
//! has removed.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Mutex;

use redis::RedisResult;

use super::connection::Connection;
use super::scripts::{self, Call};
use super::{bus, scan};
use crate::cached::remote::error::StoreError;
use crate::sync::lock;

/// Removes one entry, or all of a function's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Order {
    Remove { name: String, news: Vec<u8> },
    Clear { prefix: String, news: Option<Vec<u8>> },
}

/// With this many removals, whole functions are cleared instead.
const MOST: usize = 10_000;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Owed {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    orders: VecDeque<Order>,
    /// Why the first one of each function that has any was not confirmed.
    errors: HashMap<String, StoreError>,
}

/// *Input:* the name of an entry. *Output:* what the names of all entries of its function start with.
fn function(name: &str) -> &str {
    name.split_once('{').map_or(name, |(prefix, _)| prefix)
}

impl Order {
    /// Was there an entry?
    pub(super) async fn carry_out(self, mut connection: Connection) -> RedisResult<bool> {
        match self {
            Order::Remove { name, news } => {
                Call::new(&scripts::REMOVE, &name, &[bus::CHANNEL.as_bytes(), &news]).on(connection).await
            }
            Order::Clear { prefix, news } => {
                scan::unlink_all(&mut connection, &prefix).await?;
                if let Some(news) = news {
                    redis::cmd("PUBLISH").arg(bus::CHANNEL).arg(news).exec_async(&mut connection).await?;
                }
                Ok(true)
            }
        }
    }

    /// The name of the entry, or what those of its function start with.
    pub(super) fn name(&self) -> &str {
        match self {
            Order::Remove { name, .. } => name,
            Order::Clear { prefix, .. } => prefix,
        }
    }

    fn function(&self) -> &str {
        function(self.name())
    }

    /// The same for the whole function.
    fn for_all(self) -> Self {
        match self {
            Order::Remove { name, news } => {
                let prefix = function(&name).to_owned();
                let news = (!news.is_empty()).then(|| bus::news_of_all(&prefix));
                Order::Clear { prefix, news }
            }
            clear @ Order::Clear { .. } => clear,
        }
    }
}

impl Owed {
    /// Why no command for the entry with this name is sent now.
    pub(super) fn error(&self, name: &str) -> Option<StoreError> {
        lock(&self.state).errors.get(function(name)).cloned()
    }

    /// Is it the first one?
    pub(super) fn push(&self, order: Order, error: &StoreError) -> bool {
        let mut state = lock(&self.state);
        let is_first = state.orders.is_empty();
        state.errors.entry(order.function().to_owned()).or_insert_with(|| error.clone());
        state.orders.push_back(order);
        if state.orders.len() > MOST {
            let mut seen = HashSet::new();
            let all = std::mem::take(&mut state.orders).into_iter().map(Order::for_all);
            state.orders = all.filter(|order| seen.insert(order.function().to_owned())).collect();
        }
        is_first
    }

    /// Another process handles them.
    pub(super) fn leave(&self) {
        *lock(&self.state) = State::default();
    }

    pub(super) fn first(&self) -> Option<Order> {
        lock(&self.state).orders.front().cloned()
    }

    /// The server has confirmed this one. Is there another one?
    pub(super) fn done(&self, heard: &Order) -> bool {
        let mut state = lock(&self.state);
        if state.orders.front() == Some(heard) {
            state.orders.pop_front();
        }
        if !state.orders.iter().any(|order| order.function() == heard.function()) {
            state.errors.remove(heard.function());
        }
        !state.orders.is_empty()
    }

    /// The server has refused this one, and may accept the others.
    pub(super) fn refused(&self, heard: &Order) {
        let mut state = lock(&self.state);
        if state.orders.front() == Some(heard) {
            state.orders.rotate_left(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cached::remote::error::StoreErrorKind;

    fn remove(function: usize, key: usize) -> Order {
        Order::Remove { name: format!("festoon:f{function}:{{{key}}}"), news: vec![1] }
    }

    #[test]
    fn they_are_kept_in_order_until_they_are_heard() {
        let (owed, down) = (Owed::default(), StoreError::new(StoreErrorKind::Unavailable, "down"));
        let error = || owed.error("festoon:f1:{3}");
        assert!(error().is_none());
        assert_eq!((owed.push(remove(1, 1), &down), owed.push(remove(1, 2), &down)), (true, false));
        assert_eq!((owed.first(), error()), (Some(remove(1, 1)), Some(down)));
        assert!(owed.done(&remove(1, 1)) && error().is_some() && !owed.done(&remove(1, 2)));
        assert_eq!((owed.first(), error()), (None, None));
    }

    #[test]
    fn one_that_is_refused_stops_its_own_function_alone() {
        let (owed, no) = (Owed::default(), StoreError::new(StoreErrorKind::Refused, "no"));
        owed.push(remove(1, 1), &no);
        owed.push(remove(2, 1), &no);
        assert_eq!((owed.error("festoon:f3:{1}"), owed.error("festoon:f2:{7}")), (None, Some(no)));
        owed.refused(&remove(1, 1));
        assert_eq!(owed.first(), Some(remove(2, 1)));
        assert!(owed.done(&remove(2, 1)));
        assert!(owed.error("festoon:f2:{7}").is_none() && owed.error("festoon:f1:{7}").is_some());
    }

    #[test]
    fn many_become_one_for_each_function() {
        let (owed, down) = (Owed::default(), StoreError::new(StoreErrorKind::Unavailable, "down"));
        for key in 0..=MOST {
            owed.push(remove(key % 3, key), &down);
        }
        let orders = lock(&owed.state).orders.clone();
        let prefixes: Vec<&str> = orders
            .iter()
            .map(|order| match order {
                Order::Clear { prefix, news: Some(_) } => prefix.as_str(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(prefixes, ["festoon:f0:", "festoon:f1:", "festoon:f2:"]);
    }
}
