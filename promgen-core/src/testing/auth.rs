//! A context without a network for login backends, and what every backend must keep to.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;

use crate::config::Settings;
use crate::model::{Secret, Timestamp};
use crate::plugin::{
    AuthBackend, AuthContext, AuthDescription, AuthError, HeaderAuth, HeaderRequest, HttpRequest,
    HttpResponse, PasswordAuth, Peer, RedirectAuth,
};

/// A context without a network: keeps each request, and answers by its URL. Its random bytes differ
/// from call to call and not from run to run.
#[derive(Debug, Default)]
pub struct RecordingAuthContext {
    now: Timestamp,
    answers: BTreeMap<String, HttpResponse>,
    requests: Mutex<Vec<HttpRequest>>,
    drawn: AtomicU8,
}

impl RecordingAuthContext {
    /// A context in which no address answers, at the beginning of time.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same at this time.
    #[must_use]
    pub fn clock(mut self, now: Timestamp) -> Self {
        self.now = now;
        self
    }

    /// The same, but this URL answers.
    #[must_use]
    pub fn at(mut self, url: &str, status: u16, body: &str) -> Self {
        let answer = HttpResponse {
            status,
            retry_after: None,
            body: body.as_bytes().to_vec(),
        };
        self.answers.insert(url.to_owned(), answer);
        self
    }

    /// The requests that were made so far.
    pub fn requests(&self) -> Vec<HttpRequest> {
        let requests = self.requests.lock();
        requests.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl AuthContext for RecordingAuthContext {
    fn now(&self) -> Timestamp {
        self.now
    }

    fn random(&self) -> Result<[u8; 32], AuthError> {
        Ok([self.drawn.fetch_add(1, Ordering::Relaxed); 32])
    }

    async fn http(&self, request: HttpRequest) -> Result<HttpResponse, AuthError> {
        let answer = self.answers.get(&request.url).cloned();
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.push(request);
        answer.ok_or_else(|| AuthError::failed("nobody answers"))
    }
}

/// A request for a backend that looks at headers.
#[derive(Debug, Clone)]
pub struct HeaderCase {
    peer: Peer,
    headers: Vec<(String, String)>,
}

impl HeaderCase {
    /// A request without headers by this peer.
    pub fn from(peer: Peer) -> Self {
        Self {
            peer,
            headers: Vec::new(),
        }
    }

    /// The same with a further header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

impl HeaderRequest for HeaderCase {
    fn peer(&self) -> Peer {
        self.peer
    }

    fn header(&self, name: &str) -> Vec<String> {
        let named = self.headers.iter().filter(|(known, _)| known == name);
        named.map(|(_, value)| value.clone()).collect()
    }
}

/// What a login backend is tried with.
#[derive(Debug)]
pub struct AuthCase {
    settings: Settings,
    hidden: Vec<String>,
    context: RecordingAuthContext,
}

impl AuthCase {
    /// A case with these settings, in which no address answers.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            hidden: Vec::new(),
            context: RecordingAuthContext::new(),
        }
    }

    /// The same, and this text of the settings must never be told.
    #[must_use]
    pub fn hiding(mut self, secret: &str) -> Self {
        self.hidden.push(secret.to_owned());
        self
    }

    /// The same in this context, in which a login can begin.
    #[must_use]
    pub fn context(mut self, context: RecordingAuthContext) -> Self {
        self.context = context;
        self
    }

    /// Checks what every backend must keep to: nobody comes in who proves nothing, and no secret is
    /// told.
    ///
    /// # Panics
    /// When it does not.
    #[expect(clippy::panic, reason = "a contract that is not kept is a failed test")]
    pub async fn keeps_the_contract(&self, description: &AuthDescription) {
        let key = description.key;
        let backend = (description.build)(&self.settings)
            .unwrap_or_else(|error| panic!("{key} refuses its settings: {error}"));
        let mut told = vec![format!("{backend:?}")];
        match &backend {
            AuthBackend::Local => {}
            AuthBackend::Password(driver) => told.push(self.no_password(driver.as_ref()).await),
            AuthBackend::Redirect(driver) => told.push(self.no_answer(driver.as_ref()).await),
            AuthBackend::Header(driver) => no_header(driver.as_ref()),
        }
        let leak = |text: &&String| told.iter().any(|told| told.contains(text.as_str()));
        let leaked = self.hidden.iter().find(leak);
        assert_eq!(leaked, None, "{key} tells a secret");
    }

    async fn no_password(&self, driver: &dyn PasswordAuth) -> String {
        let password = Secret::new("contract-s3cret".to_owned());
        let answer = driver
            .check(&self.context, "nobody \u{fffd}", &password)
            .await;
        assert!(!matches!(answer, Ok(Some(_))), "nobody came in: {answer:?}");
        let told = format!("{answer:?}");
        assert!(
            !told.contains("contract-s3cret"),
            "the password is told: {told}"
        );
        told
    }

    #[expect(clippy::panic, reason = "a contract that is not kept is a failed test")]
    async fn no_answer(&self, driver: &dyn RedirectAuth) -> String {
        let callback = "https://promgen.example.com/complete/contract/";
        let begun = driver.begin(&self.context, callback).await;
        let begun = begun.unwrap_or_else(|error| panic!("no login begins: {error}"));
        assert!(begun.url.starts_with("https://") || begun.url.starts_with("http://"));
        let kept = begun.kept.reveal();
        assert!(
            !kept.is_empty() && kept.len() <= 1024,
            "{} bytes are kept",
            kept.len()
        );
        let query = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            pairs.iter().map(pair).collect()
        };
        let mut told = vec![begun.url.clone()];
        for query in [
            query(&[]),
            query(&[("code", "x")]),
            query(&[("state", ""), ("code", "x")]),
            query(&[("state", "strange"), ("code", "x")]),
            query(&[("error", "access_denied")]),
        ] {
            let answer = driver
                .complete(&self.context, callback, &query, &begun.kept)
                .await;
            let refused = matches!(answer, Err(AuthError::Refused { .. }));
            assert!(refused, "{query:?} is not refused: {answer:?}");
            told.push(format!("{answer:?}"));
        }
        told.join("\n")
    }
}

/// A request that says nothing is by nobody.
fn no_header(driver: &dyn HeaderAuth) {
    let answer = driver.identify(&HeaderCase::from(Peer::Unix));
    assert_eq!(answer, Ok(None), "a request without headers");
}

/// Checks what every description of a login backend must keep to.
///
/// # Panics
/// When it does not.
pub fn auth_description_keeps_the_contract(description: &AuthDescription) {
    let key = description.key;
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
    assert!(
        !key.is_empty() && key.chars().all(legal),
        "{key:?} does not fit into an address"
    );
    assert!(!description.label.is_empty(), "{key} has no label");
    assert!(!description.help.is_empty(), "{key} has no help");
    let dotted = description.section.contains('.');
    assert!(
        dotted || description.section == key,
        "{key}: the section is nobody's"
    );
}

/// Expands to the tests that every login backend should have: its description, its registration,
/// that nobody comes in who proves nothing, and that no secret is told.
///
/// Takes the `static` description and an [`AuthCase`](crate::testing::AuthCase).
#[macro_export]
macro_rules! auth_contract {
    ($description:path, $case:expr $(,)?) => {
        #[test]
        fn the_description_of_the_backend_keeps_the_contract() {
            $crate::testing::auth_description_keeps_the_contract(&$description);
        }

        #[test]
        fn the_backend_is_registered() {
            $crate::testing::is_registered($description.key);
        }

        #[test]
        fn the_backend_keeps_the_contract() {
            $crate::testing::block_on($case.keeps_the_contract(&$description));
        }
    };
}
