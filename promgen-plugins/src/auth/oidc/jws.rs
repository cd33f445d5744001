//! Signed tokens: JWS in compact form with the public keys of a JWK set (RFC 7515, 7517, 7518).
//!
//! Only signatures by public keys are known. `none`, and the codes that share a secret (`HS256`),
//! for which a public key might be taken as the secret, do not exist here. Which algorithm verifies
//! is decided by the key; what the token says must fit it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{self, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;
use serde_json::{Map, Value};
use thiserror::Error;

/// Largest token that is looked at; real ones have a few KiB.
const MOST_BYTES: usize = 64 * 1024;

/// Why a token is not believed; readable after "the ID token".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(super) enum JwsError {
    /// It is none, or has parts that must be understood and are not.
    #[error("is no signed token")]
    Malformed,
    /// No key is the one that it names.
    #[error("is signed by a key that the provider does not have")]
    UnknownKey,
    /// The signature is not by that key.
    #[error("has a wrong signature")]
    Signature,
}

/// A public key of a provider.
#[derive(Debug, Clone)]
pub(super) struct Key {
    id: Option<String>,
    /// The one algorithm that it may be used with, where the provider says so.
    algorithm: Option<String>,
    material: Material,
}

#[derive(Debug, Clone)]
enum Material {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256(Vec<u8>),
    P384(Vec<u8>),
    Ed25519(Vec<u8>),
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl Key {
    /// A key of a JWK set; `None` for one that is not for signatures or of a kind not known here.
    pub(super) fn of(jwk: &Value) -> Option<Self> {
        let jwk = Jwk::deserialize(jwk).ok()?;
        if jwk
            .purpose
            .as_deref()
            .is_some_and(|purpose| purpose != "sig")
        {
            return None;
        }
        let bytes = |text: &Option<String>| URL_SAFE_NO_PAD.decode(text.as_ref()?).ok();
        // An uncompressed point (SEC 1, section 2.3.3).
        let point = || Some([vec![4], bytes(&jwk.x)?, bytes(&jwk.y)?].concat());
        let material = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
            ("RSA", _) => Material::Rsa {
                n: bytes(&jwk.n)?,
                e: bytes(&jwk.e)?,
            },
            ("EC", Some("P-256")) => Material::P256(point()?),
            ("EC", Some("P-384")) => Material::P384(point()?),
            ("OKP", Some("Ed25519")) => Material::Ed25519(bytes(&jwk.x)?),
            _ => return None,
        };
        Some(Self {
            id: jwk.kid,
            algorithm: jwk.alg,
            material,
        })
    }

    /// Whether a token with this header may be by this key.
    fn fits(&self, header: &Header) -> bool {
        let named = header.kid.is_none() || header.kid == self.id;
        let meant = self
            .algorithm
            .as_ref()
            .is_none_or(|known| *known == header.alg);
        named && meant && self.material.knows(&header.alg)
    }
}

impl Material {
    fn knows(&self, algorithm: &str) -> bool {
        match self {
            Self::Rsa { .. } => rsa(algorithm).is_some(),
            Self::P256(_) => algorithm == "ES256",
            Self::P384(_) => algorithm == "ES384",
            Self::Ed25519(_) => algorithm == "EdDSA",
        }
    }

    fn verifies(&self, algorithm: &str, message: &[u8], signature: &[u8]) -> bool {
        let by = |kind: &'static dyn signature::VerificationAlgorithm, key: &[u8]| {
            UnparsedPublicKey::new(kind, key)
                .verify(message, signature)
                .is_ok()
        };
        match self {
            Self::Rsa { n, e } => rsa(algorithm).is_some_and(|kind| {
                RsaPublicKeyComponents { n, e }
                    .verify(kind, message, signature)
                    .is_ok()
            }),
            Self::P256(point) => by(&signature::ECDSA_P256_SHA256_FIXED, point),
            Self::P384(point) => by(&signature::ECDSA_P384_SHA384_FIXED, point),
            Self::Ed25519(point) => by(&signature::ED25519, point),
        }
    }
}

/// All of them want keys of at least 2048 bits.
fn rsa(algorithm: &str) -> Option<&'static RsaParameters> {
    match algorithm {
        "RS256" => Some(&signature::RSA_PKCS1_2048_8192_SHA256),
        "RS384" => Some(&signature::RSA_PKCS1_2048_8192_SHA384),
        "RS512" => Some(&signature::RSA_PKCS1_2048_8192_SHA512),
        "PS256" => Some(&signature::RSA_PSS_2048_8192_SHA256),
        "PS384" => Some(&signature::RSA_PSS_2048_8192_SHA384),
        "PS512" => Some(&signature::RSA_PSS_2048_8192_SHA512),
        _ => None,
    }
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// What a reader must understand (RFC 7515, section 4.1.11); nothing is understood here.
    crit: Option<Value>,
}

/// The claims of a token that one of the keys signed. What they say is still to be checked.
///
/// # Errors
/// [`JwsError`] for everything else.
pub(super) fn verify(token: &str, keys: &[Key]) -> Result<Map<String, Value>, JwsError> {
    if token.len() > MOST_BYTES {
        return Err(JwsError::Malformed);
    }
    let (message, signature) = token.rsplit_once('.').ok_or(JwsError::Malformed)?;
    let (header, payload) = message.split_once('.').ok_or(JwsError::Malformed)?;
    let decoded = |text: &str| {
        URL_SAFE_NO_PAD
            .decode(text)
            .map_err(|_| JwsError::Malformed)
    };
    let header: Header =
        serde_json::from_slice(&decoded(header)?).map_err(|_| JwsError::Malformed)?;
    if header.crit.is_some() {
        return Err(JwsError::Malformed);
    }
    let (payload, signature) = (decoded(payload)?, decoded(signature)?);
    let mut fitting = keys.iter().filter(|key| key.fits(&header)).peekable();
    if fitting.peek().is_none() {
        return Err(JwsError::UnknownKey);
    }
    let signed = |key: &Key| {
        key.material
            .verifies(&header.alg, message.as_bytes(), &signature)
    };
    if !fitting.any(signed) {
        return Err(JwsError::Signature);
    }
    serde_json::from_slice(&payload).map_err(|_| JwsError::Malformed)
}
