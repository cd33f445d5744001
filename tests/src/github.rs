//! A strict stand-in for GitHub, as its documents describe the OAuth web application flow and the
//! calls for a user, their addresses and organizations.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, StatusCode};
use reqwest::Url;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::task::JoinSet;

/// The OAuth app that it knows.
pub const CLIENT: &str = "Iv1.promgen";

/// Its secret.
pub const SECRET: &str = "gh-s3cret-client";

const TOKEN: &str = "gho_16C7e42F292c6912E7710c838347Ae178B4a";

/// What it remembers.
#[derive(Debug, Default)]
struct Memory {
    /// Codes that were not taken yet, with the challenge of each.
    codes: BTreeMap<String, String>,
    user: Value,
    emails: Value,
}

/// The stand-in.
#[derive(Debug)]
pub struct GitHub {
    /// `http://127.0.0.1:PORT`
    pub url: String,
    memory: Arc<Mutex<Memory>>,
    _serving: JoinSet<()>,
}

type Shared = Arc<Mutex<Memory>>;

impl GitHub {
    /// Starts one on a free port.
    ///
    /// # Panics
    /// When it cannot listen.
    #[expect(
        clippy::expect_used,
        reason = "without a port there is nothing to test"
    )]
    pub async fn start() -> Self {
        let memory = Shared::default();
        let routes = Router::new()
            .route("/login/oauth/access_token", post(access_token))
            .route("/api/v3/user", get(user))
            .route("/api/v3/user/emails", get(emails))
            .with_state(Arc::clone(&memory));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            axum::serve(listener, routes).await.ok();
        });
        Self {
            url,
            memory,
            _serving: serving,
        }
    }

    /// Who is logged in there.
    pub fn sign_in(&self, user: Value, emails: Value) {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        (memory.user, memory.emails) = (user, emails);
    }

    /// What a browser does that is sent there, and whose person agrees: where it goes next.
    ///
    /// # Panics
    /// When the address is not what the documents want.
    #[expect(clippy::expect_used, reason = "anything else is a failed test")]
    pub fn agree(&self, address: &str) -> String {
        let url = Url::parse(address).expect("an address");
        assert!(address.starts_with(&format!("{}/login/oauth/authorize?", self.url)));
        let asked: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
        assert_eq!(asked["client_id"], CLIENT);
        assert_eq!(asked["code_challenge_method"], "S256");
        assert!(asked["scope"].split(' ').any(|scope| scope == "user:email"));
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let code = format!("c0de{}", memory.codes.len());
        memory
            .codes
            .insert(code.clone(), asked["code_challenge"].clone());
        let mut back = Url::parse(&asked["redirect_uri"]).expect("an address to come back to");
        back.query_pairs_mut()
            .append_pair("code", &code)
            .append_pair("state", &asked["state"]);
        back.into()
    }
}

/// It complains with status 200, as GitHub does.
async fn access_token(State(memory): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    if headers
        .get("accept")
        .is_none_or(|kind| kind != "application/json")
    {
        return (StatusCode::OK, "access_token=…&scope=&token_type=bearer").into_response();
    }
    let form = format!("http://form.invalid/?{}", String::from_utf8_lossy(&body));
    let form = Url::parse(&form).ok();
    let sent: BTreeMap<String, String> = form
        .iter()
        .flat_map(|form| form.query_pairs().into_owned())
        .collect();
    let text = |name: &str| sent.get(name).map_or("", String::as_str);
    let complain = |error: &str| axum::Json(json!({"error": error})).into_response();
    if text("client_id") != CLIENT || text("client_secret") != SECRET {
        return complain("incorrect_client_credentials");
    }
    let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(challenge) = memory.codes.remove(text("code")) else {
        return complain("bad_verification_code");
    };
    let digest = Sha256::digest(text("code_verifier"));
    if URL_SAFE_NO_PAD.encode(digest) != challenge {
        return complain("bad_verification_code");
    }
    axum::Json(json!({"access_token": TOKEN, "scope": "user:email", "token_type": "bearer"}))
        .into_response()
}

async fn user(State(memory): State<Shared>, headers: HeaderMap) -> Response {
    answer(&memory, &headers, |memory| &memory.user)
}

async fn emails(State(memory): State<Shared>, headers: HeaderMap) -> Response {
    answer(&memory, &headers, |memory| &memory.emails)
}

fn answer(memory: &Shared, headers: &HeaderMap, part: fn(&Memory) -> &Value) -> Response {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if header("user-agent").is_none_or(str::is_empty) {
        return (
            StatusCode::FORBIDDEN,
            "Request forbidden by administrative rules",
        )
            .into_response();
    }
    if header("authorization") != Some(&format!("Bearer {TOKEN}")) {
        let body = axum::Json(json!({"message": "Bad credentials"}));
        return (StatusCode::UNAUTHORIZED, body).into_response();
    }
    let memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
    axum::Json(part(&memory)).into_response()
}
