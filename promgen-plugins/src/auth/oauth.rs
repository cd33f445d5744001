//! What OAuth 2.0 backends have in common: the authorization code flow with PKCE (RFC 6749, 7636).

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use form_urlencoded::{Serializer, byte_serialize};
use promgen_core::model::Secret;
use promgen_core::plugin::{
    AuthContext, AuthError, DriverSettings, HttpRequest, HttpResponse, Method, PluginError,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use url::Url;

/// What this Promgen is to the other site.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) id: String,
    pub(super) secret: Option<Secret<String>>,
}

impl Client {
    /// Reads `client_id` and `client_secret`.
    pub(super) fn of(section: &DriverSettings<'_>) -> Result<Self, PluginError> {
        let remedy = "give the id under which the other site knows this Promgen";
        let id = section.text("client_id")?;
        let id = id.ok_or_else(|| section.error("client_id", "is not set", remedy))?;
        let secret = section.text("client_secret")?.map(Secret::new);
        Ok(Self { id, secret })
    }
}

/// How a client shows its secret to the token endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// HTTP Basic, which every server must understand.
    Basic,
    /// Among the fields of the form.
    Form,
}

/// The secrets of one login, kept by the browser until it comes back.
#[derive(Serialize, Deserialize)]
pub(super) struct Flow {
    state: String,
    pub(super) nonce: String,
    verifier: String,
}

impl Flow {
    pub(super) fn begin(context: &dyn AuthContext) -> Result<Self, AuthError> {
        let text = || Ok(URL_SAFE_NO_PAD.encode(context.random()?));
        Ok(Self {
            state: text()?,
            nonce: text()?,
            verifier: text()?,
        })
    }

    /// As it is kept.
    pub(super) fn keep(&self) -> Secret<String> {
        // A struct of texts always serialises.
        Secret::new(serde_json::to_string(self).unwrap_or_default())
    }

    /// The flow that somebody comes back from, and the code that they bring.
    ///
    /// The state is compared before anything else of the query is believed.
    pub(super) fn resume(
        kept: &Secret<String>,
        query: &BTreeMap<String, String>,
    ) -> Result<(Self, String), AuthError> {
        let flow: Self = serde_json::from_str(kept.reveal())
            .map_err(|_| AuthError::refused("the login was not begun by this browser"))?;
        let state = query.get("state").map(String::as_bytes).unwrap_or_default();
        if !bool::from(flow.state.as_bytes().ct_eq(state)) {
            return Err(AuthError::refused("the state is not the one of this login"));
        }
        if let Some(error) = query.get("error") {
            let told = shown(error);
            return Err(AuthError::refused(format!(
                "the other site answered {told}"
            )));
        }
        match query.get("code") {
            Some(code) if !code.is_empty() => Ok((flow, code.clone())),
            _ => Err(AuthError::refused("the other site sent no code")),
        }
    }

    /// The address at which the other site asks the person.
    pub(super) fn address(
        &self,
        endpoint: &Url,
        client: &Client,
        callback: &str,
        scopes: &str,
    ) -> Url {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&self.verifier));
        let mut url = endpoint.clone();
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &client.id)
            .append_pair("redirect_uri", callback)
            .append_pair("scope", scopes)
            .append_pair("state", &self.state)
            .append_pair("nonce", &self.nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        url
    }

    /// Changes the code into tokens.
    pub(super) async fn exchange(
        &self,
        context: &dyn AuthContext,
        client: &Client,
        endpoint: (&Url, Shown),
        code: &str,
        callback: &str,
    ) -> Result<Tokens, AuthError> {
        let request = self.question(client, endpoint, code, callback);
        Tokens::of(&context.http(request).await?)
    }

    fn question(
        &self,
        client: &Client,
        (endpoint, shown): (&Url, Shown),
        code: &str,
        callback: &str,
    ) -> HttpRequest {
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", callback)
            .append_pair("code_verifier", &self.verifier);
        let mut headers = vec![
            header("Accept", "application/json"),
            header("Content-Type", "application/x-www-form-urlencoded"),
        ];
        match (&client.secret, shown) {
            (Some(secret), Shown::Basic) => headers.push(basic(&client.id, secret)),
            (Some(secret), Shown::Form) => {
                form.append_pair("client_id", &client.id);
                form.append_pair("client_secret", secret.reveal());
            }
            (None, _) => {
                form.append_pair("client_id", &client.id);
            }
        }
        HttpRequest {
            method: Method::Post,
            url: endpoint.to_string(),
            headers,
            body: form.finish().into_bytes(),
            proxy: None,
        }
    }
}

/// What a token endpoint answers.
#[derive(Deserialize)]
pub(super) struct Tokens {
    pub(super) access_token: String,
    #[serde(default)]
    pub(super) id_token: Option<String>,
}

impl Tokens {
    fn of(answer: &HttpResponse) -> Result<Self, AuthError> {
        #[derive(Deserialize)]
        struct Complaint {
            error: String,
        }
        // GitHub complains with status 200.
        if let Ok(Complaint { error }) = serde_json::from_slice(&answer.body) {
            let error = shown(&error);
            return Err(AuthError::refused(format!(
                "no token for the code: {error}"
            )));
        }
        read(answer, "the token endpoint")
    }
}

/// Asks an API with the access token, and reads the JSON that it answers.
pub(super) async fn ask<T: for<'de> Deserialize<'de>>(
    context: &dyn AuthContext,
    url: &str,
    tokens: &Tokens,
    accept: &str,
) -> Result<T, AuthError> {
    let mut request = HttpRequest::get(url);
    request.headers.push(header("Accept", accept));
    let bearer = format!("Bearer {}", tokens.access_token);
    request.headers.push(header("Authorization", &bearer));
    read(&context.http(request).await?, url)
}

/// The JSON of an answer that must be a success.
pub(super) fn read<T: for<'de> Deserialize<'de>>(
    answer: &HttpResponse,
    whose: &str,
) -> Result<T, AuthError> {
    let failed = |what: String| AuthError::failed(format!("{whose} answered {what}"));
    if answer.status != 200 {
        return Err(failed(format!("HTTP {}", answer.status)));
    }
    // What serde says may hold a piece of the answer, and so a token: it is not repeated.
    serde_json::from_slice(&answer.body).map_err(|_| failed("what is not the JSON expected".into()))
}

/// Id and secret are encoded as in a form first (RFC 6749, section 2.3.1).
fn basic(id: &str, secret: &Secret<String>) -> (String, String) {
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let both = format!("{}:{}", encoded(id), encoded(secret.reveal()));
    header("Authorization", &format!("Basic {}", STANDARD.encode(both)))
}

fn header(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// A word of the other site, short enough and harmless enough for a log.
fn shown(text: &str) -> String {
    let plain = |c: &char| c.is_ascii_graphic() || *c == ' ';
    text.chars().filter(plain).take(80).collect()
}
