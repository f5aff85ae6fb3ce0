//! Atomic operations. Each script works on one entry, `KEYS[1]`, and its lease, `KEYS[2]`; both are on one node.

use std::sync::{Arc, LazyLock};

use redis::{FromRedisValue, RedisResult, Script};

use super::connection::Connection;

/// A script and its arguments; it may be sent twice.
#[derive(Clone)]
pub(super) struct Call(Arc<Given>);

struct Given {
    script: &'static LazyLock<Script>,
    name: String,
    arguments: Vec<Vec<u8>>,
}

impl Call {
    /// Creates a call for the entry with that name.
    pub(super) fn new(script: &'static LazyLock<Script>, name: &str, arguments: &[&[u8]]) -> Self {
        let arguments = arguments.iter().map(|argument| argument.to_vec()).collect();
        Call(Arc::new(Given { script, name: name.to_owned(), arguments }))
    }

    pub(super) fn name(&self) -> &str {
        &self.0.name
    }

    pub(super) async fn on<T: FromRedisValue>(self, mut connection: Connection) -> RedisResult<T> {
        let Given { script, name, arguments } = &*self.0;
        let mut call = script.key(name);
        call.key(format!("{name}:lease"));
        for argument in arguments {
            call.arg(argument.as_slice());
        }
        call.invoke_async(&mut connection).await
    }
}

/// *Input:* a token, the duration of its lease, and what the tokens of the same call begin with. *Output:* the entry and
/// its remaining life, or 1 for the lease, or 0 if another process has it.
///
/// A value that is not a string, under either name, counts as missing, and so does a lease that would never end.
pub(super) static LEAD: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local entry = redis.pcall('get', KEYS[1])
         if type(entry) == 'string' then return {entry, redis.call('pttl', KEYS[1])} end
         local holder = redis.pcall('get', KEYS[2])
         if type(holder) == 'string' and string.sub(holder, 1, #ARGV[3]) ~= ARGV[3]
            and redis.call('pttl', KEYS[2]) >= 0 then return 0 end
         redis.call('set', KEYS[2], ARGV[1], 'px', ARGV[2])
         return 1",
    )
});

/// *Input:* a token, and the duration of its lease.
pub(super) static SEIZE: LazyLock<Script> =
    LazyLock::new(|| Script::new("return redis.call('set', KEYS[2], ARGV[1], 'px', ARGV[2])"));

/// *Input:* the token of the lease; the entry; its time to live, or nothing; the channel; the message, or nothing.
/// *Output:* 1, or 0 if the lease has been lost.
pub(super) static PUT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if redis.pcall('get', KEYS[2]) ~= ARGV[1] then return 0 end
         if ARGV[3] == '' then redis.call('set', KEYS[1], ARGV[2])
         else redis.call('set', KEYS[1], ARGV[2], 'px', ARGV[3]) end
         redis.call('del', KEYS[2])
         if ARGV[5] ~= '' then redis.call('publish', ARGV[4], ARGV[5]) end
         return 1",
    )
});

/// *Input:* the entry to remove.
pub(super) static DISCARD: LazyLock<Script> = LazyLock::new(|| {
    Script::new("if redis.pcall('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0")
});

/// *Input:* the channel; the message, or nothing. *Output:* was there an entry?
pub(super) static REMOVE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "redis.call('del', KEYS[2])
         local there = redis.call('del', KEYS[1])
         if ARGV[2] ~= '' then redis.call('publish', ARGV[1], ARGV[2]) end
         return there",
    )
});

/// *Input:* the token, and the duration of its lease from now on. *Output:* 1, or 0 if it has been lost.
pub(super) static RENEW: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if redis.pcall('get', KEYS[2]) == ARGV[1] then return redis.call('pexpire', KEYS[2], ARGV[2]) end return 0",
    )
});

/// *Input:* the token.
pub(super) static RELEASE: LazyLock<Script> = LazyLock::new(|| {
    Script::new("if redis.pcall('get', KEYS[2]) == ARGV[1] then return redis.call('del', KEYS[2]) end return 0")
});
