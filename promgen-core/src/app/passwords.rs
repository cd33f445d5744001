//! Passwords: what makes a good one, how it is kept, and how one is checked.
//!
//! They are kept as Argon2id hashes. Those that came from the original are PBKDF2 hashes of Django;
//! they are checked too, and replaced the next time that their owner shows the password.

mod common;

use std::num::NonZeroU32;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::pbkdf2;
use tokio::sync::Semaphore;

use super::{AppError, random};
use crate::model::{Problem, Secret};

/// Shortest password (OWASP ASVS 5.0, 6.2.1).
const MIN_CHARS: usize = 8;

/// Longest password that is looked at, so that no request makes much work of it.
const MAX_BYTES: usize = 1024;

/// Hashes at once. Each takes 19 MiB of memory and a core for tens of milliseconds, by design.
const AT_ONCE: usize = 4;

/// Most iterations of a Django hash that are believed; its versions have used up to 1,500,000.
const MOST_ITERATIONS: u32 = 10_000_000;

static SLOTS: Semaphore = Semaphore::const_new(AT_ONCE);

/// What is wrong with a new password; nothing for a good one. Source: the validators that Django
/// brings along, which the original uses.
pub(super) fn problems(username: &str, password: &Secret<String>) -> Vec<Problem> {
    let password = password.reveal().as_str();
    let mut found = Vec::new();
    let mut complain = |message: String| {
        found.push(Problem::error("password", message, "choose another one"));
    };
    if password.chars().count() < MIN_CHARS {
        complain(format!("is shorter than {MIN_CHARS} characters"));
    }
    if password.len() > MAX_BYTES {
        complain(format!("is longer than {MAX_BYTES} bytes"));
    }
    if !password.is_empty() && password.chars().all(char::is_numeric) {
        complain("holds nothing but digits".to_owned());
    }
    if is_similar(password, username) {
        complain("is too similar to the user name".to_owned());
    }
    if common::holds(password) {
        complain("is one of the most common passwords".to_owned());
    }
    found
}

/// Whether one holds the other, but for case; of a name as short as `al` that says nothing.
fn is_similar(password: &str, username: &str) -> bool {
    let (password, username) = (password.to_lowercase(), username.to_lowercase());
    let name = username.split('@').next().unwrap_or_default();
    let holds = |long: &str, short: &str| short.chars().count() > 3 && long.contains(short);
    holds(&password, name) || holds(name, &password)
}

/// The Argon2id hash of a password.
pub(super) async fn hash(password: Secret<String>) -> Result<String, AppError> {
    let salt = random::bytes::<16>()?;
    let hashed = work(move || {
        let hash = Argon2::default().hash_password_with_salt(password.reveal().as_bytes(), &salt);
        hash.map(|hash| hash.to_string())
    });
    hashed.await?.map_err(|error| AppError::Internal {
        message: error.to_string(),
    })
}

/// What came of checking a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Checked {
    /// It is not the one.
    Wrong,
    /// It is.
    Right,
    /// It is, but the hash is of another kind than is made today.
    RightButOld,
}

/// Checks a password against the hash of its user. Without one, as much work is done: how long it
/// takes tells nobody which users there are.
pub(super) async fn check(
    stored: Option<String>,
    password: Secret<String>,
) -> Result<Checked, AppError> {
    let Some(stored) = stored else {
        hash(password).await?;
        return Ok(Checked::Wrong);
    };
    work(move || {
        let text = password.reveal().as_bytes();
        if let Some(django) = Django::parse(&stored) {
            return if django.verifies(text) {
                Checked::RightButOld
            } else {
                Checked::Wrong
            };
        }
        match Argon2::default().verify_password(text, stored.as_str()) {
            Ok(()) => Checked::Right,
            Err(_) => Checked::Wrong,
        }
    })
    .await
}

/// Whether a text can be anybody's password. Blank ones never are, whatever is behind a backend:
/// directories take an empty password for "nobody in particular" and say yes.
pub(super) fn can_be_one(password: &Secret<String>) -> bool {
    let password = password.reveal();
    !password.trim().is_empty() && password.len() <= MAX_BYTES
}

/// Does hard work, some at a time and not on the threads that serve requests.
async fn work<T: Send + 'static>(job: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
    let internal = |message: String| AppError::Internal { message };
    let slot = SLOTS.acquire().await;
    let slot = slot.map_err(|error| internal(error.to_string()))?;
    let done = tokio::task::spawn_blocking(job).await;
    drop(slot);
    done.map_err(|error| internal(error.to_string()))
}

/// A hash as Django's `PBKDF2PasswordHasher` writes it: `pbkdf2_sha256$ITERATIONS$SALT$HASH`.
struct Django<'a> {
    iterations: NonZeroU32,
    salt: &'a str,
    hash: Vec<u8>,
}

impl<'a> Django<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.strip_prefix("pbkdf2_sha256$")?.splitn(3, '$');
        let iterations: NonZeroU32 = parts.next()?.parse().ok()?;
        let (salt, hash) = (parts.next()?, parts.next()?);
        (iterations.get() <= MOST_ITERATIONS).then_some(Self {
            iterations,
            salt,
            hash: STANDARD.decode(hash).ok()?,
        })
    }

    fn verifies(&self, password: &[u8]) -> bool {
        let algorithm = pbkdf2::PBKDF2_HMAC_SHA256;
        let salt = self.salt.as_bytes();
        pbkdf2::verify(algorithm, self.iterations, salt, password, &self.hash).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by Django 4.2: `make_password("correct horse", "saltsalt")` with 1,000 iterations.
    const DJANGO: &str = "pbkdf2_sha256$1000$saltsalt$qQDPSZa3Ormyy9oK1Pu0ZLLwP2Svzmx3yu8OvDdq/J0=";

    fn secret(text: &str) -> Secret<String> {
        Secret::new(text.to_owned())
    }

    fn complaints(username: &str, password: &str) -> usize {
        problems(username, &secret(password)).len()
    }

    #[test]
    fn weak_passwords_are_refused() {
        for (username, password) in [
            ("maria", "short"),
            ("maria", "7391746205"),
            ("maria", "maria2024"),
            ("maria.lopez", "Maria.Lopez!"),
            ("verylongusername", "longuser"),
            ("maria@example.com", "xmariax123"),
            ("maria", "Password1"),
            ("maria", "qwertyuiop"),
            ("maria", &"x".repeat(1025)),
        ] {
            assert_eq!(complaints(username, password), 1, "{password:.20}");
        }
        assert!(complaints("maria", "") >= 1);
    }

    #[test]
    fn good_passwords_are_taken() {
        for password in ["correct horse", "Tr0ub4dor&3", "日本語の合言葉です"] {
            assert_eq!(complaints("maria", password), 0, "{password}");
        }
        assert_eq!(complaints("al", "always fine"), 0);
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_alone() {
        let stored = hash(secret("correct horse")).await.unwrap();
        assert!(stored.starts_with("$argon2id$"));
        let check = async |password: &str| check(Some(stored.clone()), secret(password)).await;
        assert_eq!(check("correct horse").await.unwrap(), Checked::Right);
        assert_eq!(check("correct horsf").await.unwrap(), Checked::Wrong);
    }

    #[tokio::test]
    async fn a_hash_of_django_is_understood() {
        let check = async |stored: &str, password| {
            check(Some(stored.to_owned()), secret(password))
                .await
                .unwrap()
        };
        assert_eq!(check(DJANGO, "correct horse").await, Checked::RightButOld);
        assert_eq!(check(DJANGO, "correct horsf").await, Checked::Wrong);
    }

    #[tokio::test]
    async fn what_is_no_hash_fits_nothing() {
        for stored in [
            "",
            "!",
            "md5$x$y",
            "pbkdf2_sha256$0$s$aGFzaA==",
            "pbkdf2_sha256$1$s",
            "x$y$z$w",
        ] {
            let checked = check(Some(stored.to_owned()), secret("")).await.unwrap();
            assert_eq!(checked, Checked::Wrong, "{stored}");
        }
        assert_eq!(check(None, secret("x")).await.unwrap(), Checked::Wrong);
    }

    #[test]
    fn s12_a_blank_password_is_nobodys() {
        for text in ["", " ", "\t\n", "\u{3000}"] {
            assert!(!can_be_one(&secret(text)), "{text:?}");
        }
        assert!(can_be_one(&secret(" x ")));
    }
}
