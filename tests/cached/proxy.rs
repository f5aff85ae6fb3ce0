//! A connection between a client and a server that delays, breaks, loses and changes its data, as a test tells it to.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the wire does to what the server says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    /// It carries it.
    Whole,
    /// After that long.
    Slow(Duration),
    /// Nothing comes through any more on the connections that there are, and nobody says so.
    BlackHole,
    /// It hangs up after so many more bytes.
    CutAfter(u64),
    /// About one in so many bytes of values and numbers is another one.
    Corrupt(u64),
    /// Nobody is let in.
    Refuse,
}

pub struct Proxy {
    port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    wire: Mutex<Wire>,
    /// How many have connected.
    connections: AtomicU32,
    carried: AtomicU64,
    seed: AtomicU64,
    open: Mutex<Vec<TcpStream>>,
}

impl Proxy {
    /// In front of a server on this machine. Its threads end with the test's process.
    pub fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let here = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            wire: Mutex::new(Wire::Whole),
            connections: AtomicU32::new(0),
            carried: AtomicU64::new(0),
            seed: AtomicU64::new(7),
            open: Mutex::default(),
        });
        let accepting = Arc::clone(&shared);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                accepting.connections.fetch_add(1, SeqCst);
                let _ = accepting.accept(client, port);
            }
        });
        Proxy { port: here, shared }
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub fn becomes(&self, wire: Wire) {
        *self.shared.wire.lock().unwrap() = wire;
        self.shared.carried.store(0, SeqCst);
    }

    /// All that are connected now lose their connection.
    pub fn hang_up(&self) {
        for stream in self.shared.open.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    pub fn connections(&self) -> u32 {
        self.shared.connections.load(SeqCst)
    }
}

impl Shared {
    fn accept(self: &Arc<Self>, client: TcpStream, port: u16) -> std::io::Result<()> {
        if *self.wire.lock().unwrap() == Wire::Refuse {
            return client.shutdown(Shutdown::Both);
        }
        let server = TcpStream::connect(("127.0.0.1", port))?;
        client.set_nodelay(true)?;
        server.set_nodelay(true)?;
        self.open.lock().unwrap().extend([client.try_clone()?, server.try_clone()?]);
        let (from, to) = (client.try_clone()?, server.try_clone()?);
        let shared = Arc::clone(self);
        std::thread::spawn(move || shared.carry(from, to, false));
        let shared = Arc::clone(self);
        std::thread::spawn(move || shared.carry(server, client, true));
        Ok(())
    }

    fn carry(&self, mut from: TcpStream, mut to: TcpStream, is_answer: bool) {
        let mut bytes = vec![0; 64 << 10];
        let mut is_lost = false;
        while let Ok(length @ 1..) = from.read(&mut bytes) {
            let wire = *self.wire.lock().unwrap();
            // What comes after lost bytes would be taken for them: no connection carries on like that.
            is_lost |= wire == Wire::BlackHole;
            if is_lost {
                continue;
            }
            let passed = if is_answer { self.treat(wire, &mut bytes[..length]) } else { length };
            if to.write_all(&bytes[..passed]).is_err() || passed < length {
                break;
            }
        }
        let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
    }

    /// How many of them come through.
    fn treat(&self, wire: Wire, bytes: &mut [u8]) -> usize {
        match wire {
            Wire::Slow(length) => std::thread::sleep(length),
            Wire::CutAfter(most) => {
                let before = self.carried.fetch_add(bytes.len() as u64, SeqCst);
                return usize::try_from(most.saturating_sub(before)).unwrap().min(bytes.len());
            }
            // Redis' protocol has no checksums: a changed name would be the name of another entry.
            Wire::Corrupt(_) if bytes.windows(8).any(|window| window == b"festoon:") => {}
            Wire::Corrupt(one_in) => {
                for byte in bytes.iter_mut() {
                    let random = self.random();
                    if random.is_multiple_of(one_in) {
                        *byte ^= 1 << (random / one_in % 8);
                    }
                }
            }
            _ => {}
        }
        bytes.len()
    }

    fn random(&self) -> u64 {
        let step =
            |seed: u64| Some(seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
        self.seed.fetch_update(SeqCst, SeqCst, step).unwrap() >> 17
    }
}
