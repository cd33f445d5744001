//! A plain HTTP client for tests.

use std::sync::OnceLock;

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: http::HeaderMap,
    /// Body.
    pub body: bytes::Bytes,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// The client: no redirects, no proxies, no decompression behind the test's back.
///
/// # Panics
/// Never: a client without options can be made.
#[expect(
    clippy::disallowed_methods,
    reason = "the product's client guards what tests must reach"
)]
#[expect(clippy::expect_used, reason = "a client without options can be made")]
pub fn client() -> &'static reqwest::Client {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    CLIENT.get_or_init(|| {
        rustls::crypto::ring::default_provider()
            .install_default()
            .ok();
        let builder = reqwest::Client::builder().no_proxy().no_gzip();
        builder
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client")
    })
}

/// Sends a request; `None` when nothing came back.
pub async fn send(request: reqwest::RequestBuilder) -> Option<Answer> {
    let answer = request.send().await.ok()?;
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    Some(Answer {
        status,
        headers,
        body: answer.bytes().await.ok()?,
    })
}

/// `GET`; `None` when nothing came back.
pub async fn get(url: &str) -> Option<Answer> {
    send(client().get(url)).await
}

/// Parameters as they stand in a URL or a form.
pub fn encoded(parameters: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish()
}

/// A `GET` with parameters, to be sent.
pub fn get_with(url: &str, parameters: &[(&str, &str)]) -> reqwest::RequestBuilder {
    client().get(format!("{url}?{}", encoded(parameters)))
}

/// A `POST` of a form, to be sent.
pub fn post_form(url: &str, parameters: &[(&str, &str)]) -> reqwest::RequestBuilder {
    let media = "application/x-www-form-urlencoded";
    let request = client().post(url).header("content-type", media);
    request.body(encoded(parameters))
}

/// Posts alerts with a token; `None` when nothing came back.
pub async fn post_alerts(
    base: &str,
    token: &str,
    body: impl Into<reqwest::Body>,
) -> Option<Answer> {
    let request = client()
        .post(format!("{base}/api/v1/alerts"))
        .bearer_auth(token)
        .body(body);
    send(request).await
}
