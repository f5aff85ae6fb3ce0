//! Redis with authentication, and with TLS.

use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use festoon::cache::Redis;
use festoon::{Decorated, cached};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

use super::Runs;
use super::server::{self, free_port, soon};
use crate::events;

/// What the documentation says that a user needs.
const RULES: &str =
    "-@all +get +pttl +set +del +unlink +pexpire +scan +evalsha +eval +script|load +publish +subscribe +ping";

#[test]
fn a_user_needs_few_rights() {
    static AT: OnceLock<String> = OnceLock::new();
    static RUNS: Runs = Runs::new();
    #[cached(store = tiered(memory, redis(AT.get().unwrap(), timeout = 20s)), prefix = "shop", ttl = 5m)]
    fn square(n: u64) -> u64 {
        RUNS.one();
        n * n
    }
    #[cached(store = redis(AT.get().unwrap(), timeout = 20s), prefix = "other")]
    fn elsewhere(n: u64) -> u64 {
        n
    }

    let Some(server) = server::start() else { return };
    server.command::<()>(&format!("ACL SETUSER cache on >p%a/s@s ~shop:* &festoon:news {RULES}"));
    AT.set(server.url().replace("redis://", "redis://cache:p%25a%2Fs%40s@")).unwrap();
    assert_eq!((square(3), square(3)), (9, 9));
    soon("somebody listens", || server.command::<(String, u32)>("PUBSUB NUMSUB festoon:news").1 > 0);
    square.cache().insert((4,), 16);
    assert!(square.cache().invalidate((4,)));
    assert_eq!(square.cache().refresh((3,)), 9);
    assert_eq!(server.command::<Vec<String>>("KEYS shop:*}").len(), 1);
    square.cache().clear();
    assert_eq!(server.command::<Vec<String>>("KEYS *"), Vec::<String>::new());
    assert_eq!(square.cache().info().store_errors, 0);
    // Not allowed: a no to this one alone.
    let told = events::of(|| assert_eq!(elsewhere(1), 1));
    assert!(told[0].contains("rejected") && told[0].contains("NoPerm") && !told[0].contains("p%a"), "{told:?}");
    assert_eq!(square(5), 25);
    assert_eq!((square.cache().info().store_errors, elsewhere.cache().info().store_errors), (0, 1));
}

/// An authority, and what it has signed for this machine, as PEM files in a folder.
struct Authority {
    pem: String,
}

impl Authority {
    fn new(folder: &Path) -> Self {
        let mut parameters = CertificateParams::new(Vec::new()).unwrap();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap();
        for name in ["server", "client"] {
            let key = KeyPair::generate().unwrap();
            let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
            let mut parameters = CertificateParams::new(names).unwrap();
            // Another name than its authority's.
            parameters.distinguished_name.push(DnType::CommonName, name);
            let certificate = parameters.signed_by(&key, &authority).unwrap();
            std::fs::write(folder.join(format!("{name}.crt")), certificate.pem()).unwrap();
            std::fs::write(folder.join(format!("{name}.key")), key.serialize_pem()).unwrap();
        }
        std::fs::write(folder.join("ca.crt"), authority.pem()).unwrap();
        Authority { pem: authority.pem() }
    }
}

/// A folder of a test's own.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new() -> Self {
        static FOLDERS: AtomicU32 = AtomicU32::new(0);
        let name = format!("festoon-tls-{}-{}", std::process::id(), FOLDERS.fetch_add(1, SeqCst));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.0.join(name)).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_server_behind_tls_is_believed_if_its_authority_is() {
    static AT: OnceLock<(u16, Vec<u8>, Vec<u8>, Vec<u8>)> = OnceLock::new();
    static RUNS: Runs = Runs::new();
    fn right() -> Redis {
        let (port, root, certificate, key) = AT.get().unwrap().clone();
        let redis = Redis::new(format!("rediss://:secret@localhost:{port}")).root_certificate(root);
        redis.client_certificate(certificate, key).timeout(std::time::Duration::from_secs(20))
    }
    fn nameless() -> Redis {
        let (port, root, ..) = AT.get().unwrap().clone();
        Redis::new(format!("rediss://:secret@localhost:{port}")).root_certificate(root)
    }
    fn unknown() -> Redis {
        Redis::new(format!("rediss://:secret@localhost:{}", AT.get().unwrap().0))
    }
    fn open() -> Redis {
        Redis::new(format!("redis://:secret@localhost:{}", AT.get().unwrap().0))
    }

    #[cached(store = right())]
    fn square(n: u64) -> u64 {
        RUNS.one();
        n * n
    }
    #[cached(store = nameless())]
    fn without_a_name(n: u64) -> u64 {
        n * n
    }
    #[cached(store = unknown())]
    fn with_an_unknown_authority(n: u64) -> u64 {
        n * n
    }
    #[cached(store = open())]
    fn without_tls(n: u64) -> u64 {
        n * n
    }

    let folder = Folder::new();
    let authority = Authority::new(&folder.0);
    let file = |name: &str| folder.0.join(name).to_str().unwrap().to_owned();
    let (certificate, key, ca) = (file("server.crt"), file("server.key"), file("ca.crt"));
    let tls = free_port();
    let port = tls.to_string();
    let arguments =
        ["--tls-port", &port, "--tls-cert-file", &certificate, "--tls-key-file", &key, "--tls-ca-cert-file", &ca];
    let Some(server) = server::start_with(&arguments) else { return };
    server.command::<()>("CONFIG SET requirepass secret");
    AT.set((tls, authority.pem.into_bytes(), folder.read("client.crt"), folder.read("client.key"))).unwrap();

    let told = events::of(|| assert_eq!((square(3), square(3)), (9, 9)));
    assert_eq!((RUNS.count(), told), (1, Vec::new()));
    let names: Vec<String> = server.ask_as("secret", redis::cmd("KEYS").arg("festoon:*}"));
    assert_eq!(names.len(), 1);
    let shown = format!("{:?}", right());
    assert!(shown.contains("rediss://localhost") && !shown.contains("secret") && !shown.contains("KEY"), "{shown}");

    let told = events::of(|| {
        assert_eq!((without_a_name(3), with_an_unknown_authority(3), without_tls(3)), (9, 9, 9));
    });
    let errors = [
        without_a_name.cache().info().store_errors,
        with_an_unknown_authority.cache().info().store_errors,
        without_tls.cache().info().store_errors,
    ];
    assert!(errors.iter().all(|errors| *errors > 0), "{errors:?}");
    assert!(told.iter().all(|told| !told.contains("secret")), "{told:#?}");
    let names: Vec<String> = server.ask_as("secret", redis::cmd("KEYS").arg("festoon:*}"));
    assert_eq!(names.len(), 1);
}
