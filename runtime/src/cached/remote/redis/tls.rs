//! Certificates for `rediss://`.

use std::fmt;

use redis::{ClientTlsConfig, TlsCertificates};

/// Certificates in addition to those that the system trusts, all as PEM.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Tls {
    pub(super) root: Option<Vec<u8>>,
    /// With its key.
    pub(super) client: Option<(Vec<u8>, Vec<u8>)>,
}

impl Tls {
    pub(super) fn certificates(&self) -> TlsCertificates {
        let config = |(certificate, key): &(Vec<u8>, Vec<u8>)| ClientTlsConfig {
            client_cert: certificate.clone(),
            client_key: key.clone(),
        };
        TlsCertificates { client_tls: self.client.as_ref().map(config), root_cert: self.root.clone() }
    }
}

/// Does not show the key.
impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (root, client) = (self.root.is_some(), self.client.is_some());
        f.debug_struct("Tls").field("root", &root).field("client", &client).finish()
    }
}

/// `rustls` has no cryptography of its own; the first provider to be installed is used.
pub(super) fn provide() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}
