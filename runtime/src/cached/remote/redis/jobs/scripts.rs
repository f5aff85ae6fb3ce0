//! What the server does with jobs, atomically. `KEYS[1]` is the stream, `ARGV[1]` what the names of a queue begin with;
//! they hold the queue's name in braces, so that everything of a queue is on one node of a cluster.
//!
//! A job is a hash, `job:ID`: its `name`, `state` (`waiting`, `done`, `dead`), `key`, `ttl`, and when it has ended
//! `kind` and `result`. While it waits or runs, its arguments are in the stream, as the entry `sid`; in a dead letter, in
//! the hash.

use std::sync::LazyLock;

use redis::Script;

/// Functions of several scripts.
macro_rules! with_common {
    ($script:literal) => {
        concat!(
            "local stream, base = KEYS[1], ARGV[1]
             local function now()
                 local time = redis.call('time')
                 return time[1] * 1000 + math.floor(time[2] / 1000)
             end
             local function fields(entry)
                 local found = {}
                 for at = 1, #entry[2], 2 do found[entry[2][at]] = entry[2][at + 1] end
                 return found
             end
             local function leave(sid)
                 redis.call('xack', stream, 'workers', sid)
                 return redis.call('xdel', stream, sid)
             end
             local function count(what)
                 redis.call('hincrby', base .. 'counts', what, 1)
             end
             -- From now on the key is kept as long as the result.
             local function release(job, id)
                 local ttl, key = unpack(redis.call('hmget', job, 'ttl', 'key'))
                 if ttl and key and key ~= '' and redis.call('get', base .. 'key:' .. key) == id then
                     redis.call('pexpire', base .. 'key:' .. key, ttl)
                 end
                 return ttl
             end
             -- The server may have evicted the stream, or its entry.
             local function is_lost(job)
                 local state, sid = unpack(redis.call('hmget', job, 'state', 'sid'))
                 if not state then return true end
                 return state == 'waiting' and #redis.call('xrange', stream, sid, sid) == 0
             end
             local function bury(sid, found, kind, text)
                 local job = base .. 'job:' .. found.id
                 release(job, found.id)
                 redis.call('hset', job, 'state', 'dead', 'kind', kind, 'result', text, 'args', found.args,
                     'name', found.name, 'most', found.most)
                 redis.call('zadd', base .. 'dead', string.format('%.0f', now()), found.id)
                 leave(sid)
                 count('buried')
                 redis.call('publish', base .. 'ended', found.id)
             end
             ",
            $script
        )
    };
}

/// *Input:* the job's id, its idempotency key or nothing, its name, its arguments, how long its result is kept, how
/// often it is delivered, how much time is left for it or nothing. *Output:* the id of the job with that key. May be sent
/// twice.
pub(super) static ENQUEUE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(with_common!(
        "local id, key, name, args, ttl, most, left = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8]
         local job = base .. 'job:' .. id
         if redis.call('exists', job) == 1 then return id end
         if key ~= '' then
             local holder = redis.call('get', base .. 'key:' .. key)
             if holder and not is_lost(base .. 'job:' .. holder) then return holder end
             redis.call('set', base .. 'key:' .. key, id)
         end
         local deadline = left ~= '' and string.format('%.0f', now() + left) or ''
         local sid = redis.call('xadd', stream, '*', 'id', id, 'name', name, 'args', args, 'most', most,
             'deadline', deadline)
         redis.call('hset', job, 'name', name, 'state', 'waiting', 'key', key, 'ttl', ttl, 'sid', sid)
         return id"
    ))
});

/// *Input:* the entry, the kind and the bytes of its end, 1 if it becomes a dead letter. *Output:* 1 if the job has ended
/// by this, 0 if it had before. May be sent twice.
pub(super) static FINISH: LazyLock<Script> = LazyLock::new(|| {
    Script::new(with_common!(
        "local sid, kind, bytes = ARGV[2], ARGV[3], ARGV[4]
         local entry = redis.call('xrange', stream, sid, sid)[1]
         if not entry then return 0 end
         local found = fields(entry)
         local job = base .. 'job:' .. found.id
         if redis.call('hget', job, 'state') ~= 'waiting' then leave(sid) return 0 end
         if ARGV[5] == '1' then bury(sid, found, kind, bytes) return 1 end
         redis.call('hset', job, 'state', 'done', 'kind', kind, 'result', bytes)
         redis.call('pexpire', job, release(job, found.id))
         leave(sid)
         count('done')
         redis.call('publish', base .. 'ended', found.id)
         return 1"
    ))
});

/// *Input:* the job's id. *Output:* its state, kind and result; nothing if it is lost.
pub(super) static STATE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(with_common!(
        "local job = base .. 'job:' .. ARGV[2]
         if is_lost(job) then
             redis.call('del', job)
             return {false, false, false}
         end
         return redis.call('hmget', job, 'state', 'kind', 'result')"
    ))
});

/// *Input:* the id of a job whose caller has no time left, the kind of such an end. *Output:* 1 if no worker has got it, so
/// that it ends here.
pub(super) static EXPIRE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(with_common!(
        "local job = base .. 'job:' .. ARGV[2]
         local state, sid = unpack(redis.call('hmget', job, 'state', 'sid'))
         if state ~= 'waiting' then return 0 end
         local has_group = false
         if redis.call('exists', stream) == 1 then has_group = #redis.call('xinfo', 'groups', stream) > 0 end
         if has_group and #redis.call('xpending', stream, 'workers', sid, sid, 1) > 0 then return 0 end
         redis.call('xdel', stream, sid)
         redis.call('hset', job, 'state', 'done', 'kind', ARGV[3], 'result', '')
         redis.call('pexpire', job, release(job, ARGV[2]))
         count('done')
         redis.call('publish', base .. 'ended', ARGV[2])
         return 1"
    ))
});

/// *Input:* the worker, the entries of the jobs that it runs. Says that they are still running; a job that another worker
/// has got in the meantime stays there.
pub(super) static HEARTBEAT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(with_common!(
        "for at = 3, #ARGV do
             local sid = ARGV[at]
             local holder = redis.call('xpending', stream, 'workers', sid, sid, 1)[1]
             if holder and holder[2] == ARGV[2] then
                 redis.call('xclaim', stream, 'workers', ARGV[2], 0, sid, 'justid')
             end
         end
         return 1"
    ))
});

/// *Input:* the worker, the length of a lease, how many jobs it takes. *Output:* the jobs whose worker has not been heard
/// of for so long, each with how often it has been delivered now; one that has been delivered too often becomes a dead
/// letter.
pub(super) static RECLAIM: LazyLock<Script> = LazyLock::new(|| {
    Script::new(with_common!(
        "local taken, owners = {}, {}
         for _, pending in ipairs(redis.call('xpending', stream, 'workers', 'idle', ARGV[3], '-', '+', 100)) do
             local sid, owner, deliveries = pending[1], pending[2], pending[4]
             local entry = redis.call('xrange', stream, sid, sid)[1]
             owners[owner] = owner ~= ARGV[2] or nil
             if not entry then
                 redis.call('xack', stream, 'workers', sid)
             else
                 local found = fields(entry)
                 local job = base .. 'job:' .. found.id
                 if redis.call('hget', job, 'state') ~= 'waiting' then
                     leave(sid)
                 elseif deliveries >= tonumber(found.most) then
                     local note = redis.call('hget', job, 'note')
                     bury(sid, found, 'crashed', (note or 'its worker ended') .. ' ' .. deliveries .. ' times')
                 elseif #taken < tonumber(ARGV[4]) then
                     redis.call('xclaim', stream, 'workers', ARGV[2], 0, sid)
                     redis.call('hdel', job, 'note')
                     count('redelivered')
                     taken[#taken + 1] = {sid, deliveries + 1, entry[2]}
                 end
             end
         end
         local infos = next(owners) and redis.call('xinfo', 'consumers', stream, 'workers') or {}
         for _, info in ipairs(infos) do
             if owners[info[2]] and info[4] == 0 then redis.call('xgroup', 'delconsumer', stream, 'workers', info[2]) end
         end
         return taken"
    ))
});

/// *Input:* the job's id, why this worker cannot run it.
pub(super) static NOTE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(with_common!(
        "local job = base .. 'job:' .. ARGV[2]
         if redis.call('hget', job, 'state') == 'waiting' then redis.call('hset', job, 'note', ARGV[3]) end
         return 1"
    ))
});

/// *Input:* the worker, which has ended. A job of its that it has not told about stays until its lease is over.
pub(super) static LEAVE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(with_common!(
        "if #redis.call('xpending', stream, 'workers', '-', '+', 1, ARGV[2]) == 0 then
             redis.call('xgroup', 'delconsumer', stream, 'workers', ARGV[2])
         end
         return 1"
    ))
});

/// *Input:* the most dead letters. *Output:* of each its id, name, kind, result and time.
pub(super) static DEAD: LazyLock<Script> = LazyLock::new(|| {
    Script::new(with_common!(
        "local letters = {}
         local dead = redis.call('zrange', base .. 'dead', 0, ARGV[2] - 1, 'withscores')
         for at = 1, #dead, 2 do
             local told = redis.call('hmget', base .. 'job:' .. dead[at], 'name', 'kind', 'result')
             letters[#letters + 1] = {dead[at], told[1] or '', told[2] or '', told[3] or '', dead[at + 1]}
         end
         return letters"
    ))
});

/// *Input:* the id of a dead letter. *Output:* was it one? It is delivered again, as if for the first time.
pub(super) static PUT_BACK: LazyLock<Script> = LazyLock::new(|| {
    Script::new(with_common!(
        "local job = base .. 'job:' .. ARGV[2]
         if redis.call('zrem', base .. 'dead', ARGV[2]) == 0 then return 0 end
         local name, args, most = unpack(redis.call('hmget', job, 'name', 'args', 'most'))
         if not args then return 0 end
         local sid = redis.call('xadd', stream, '*', 'id', ARGV[2], 'name', name, 'args', args, 'most', most,
             'deadline', '')
         redis.call('hset', job, 'state', 'waiting', 'sid', sid)
         redis.call('hdel', job, 'kind', 'result', 'args', 'most', 'note')
         local key = redis.call('hget', job, 'key')
         if key and key ~= '' then
             redis.call('set', base .. 'key:' .. key, ARGV[2], 'nx')
             if redis.call('get', base .. 'key:' .. key) == ARGV[2] then redis.call('persist', base .. 'key:' .. key) end
         end
         return 1"
    ))
});

/// *Input:* the id of a dead letter. *Output:* was it one?
pub(super) static DISCARD: LazyLock<Script> = LazyLock::new(|| {
    Script::new(with_common!(
        "local job = base .. 'job:' .. ARGV[2]
         if redis.call('zrem', base .. 'dead', ARGV[2]) == 0 then return 0 end
         local key = redis.call('hget', job, 'key')
         if key and key ~= '' and redis.call('get', base .. 'key:' .. key) == ARGV[2] then
             redis.call('del', base .. 'key:' .. key)
         end
         redis.call('del', job)
         return 1"
    ))
});

/// *Output:* how many jobs wait, run and are dead letters, and how many have ended, been delivered again and been buried
/// so far.
pub(super) static STATS: LazyLock<Script> = LazyLock::new(|| {
    Script::new(with_common!(
        "local running = 0
         if redis.call('exists', stream) == 1 then
             for _, group in ipairs(redis.call('xinfo', 'groups', stream)) do
                 if group[2] == 'workers' then running = group[6] end
             end
         end
         local counts = redis.call('hmget', base .. 'counts', 'done', 'redelivered', 'buried')
         return {redis.call('xlen', stream) - running, running, redis.call('zcard', base .. 'dead'),
             tonumber(counts[1] or 0), tonumber(counts[2] or 0), tonumber(counts[3] or 0)}"
    ))
});
