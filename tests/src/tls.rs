//! Certificates of the tests' own.

use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

/// An authority that nobody else knows, with a certificate for 127.0.0.1; each a PEM file.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// The authority that signed it.
    pub authority: PathBuf,
    /// The certificate.
    pub chain: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

impl Certificate {
    /// Makes one; its files are put into the folder.
    ///
    /// # Panics
    /// When the folder cannot be written.
    #[expect(clippy::expect_used, reason = "the parts are constants of this file")]
    pub fn make(folder: &Path) -> Self {
        let authority_key = KeyPair::generate().expect("a key");
        let mut authority = CertificateParams::new(Vec::<String>::new()).expect("parameters");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let signed = authority.self_signed(&authority_key).expect("an authority");
        let issuer = Issuer::new(authority, authority_key);
        let key = KeyPair::generate().expect("a key");
        let leaf = CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("parameters");
        let leaf = leaf.signed_by(&key, &issuer).expect("a certificate");
        let file = |name: &str, pem: String| {
            let path = folder.join(name);
            std::fs::write(&path, pem).expect("the folder");
            path
        };
        Self {
            authority: file("tls-authority.pem", signed.pem()),
            chain: file("tls-chain.pem", leaf.pem()),
            key: file("tls-key.pem", key.serialize_pem()),
        }
    }
}
