//! The parameters of a question, from the URL and from a form.

use axum::extract::{FromRequest, FromRequestParts as _, Request};
use bytes::Bytes;
use http::{HeaderMap, header};
use promgen_core::app::Actor;
use promgen_core::app::proxy::{self, Endpoint, Parameters, ProxyError, Question};
use url::form_urlencoded;

use super::failed::Failed;
use crate::Server;
use crate::extract::{Credential, Limits, Received, discard, read};

/// Most bytes of a form. The longest expression that is taken is a quarter of it.
const FORM_BYTES: usize = 1024 * 1024;

/// The only form that is read, as by Prometheus.
const FORM: &str = "application/x-www-form-urlencoded";

/// What a request brings along, from somebody who may query.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) server: Server,
    pub(super) actor: Actor,
    pub(super) parameters: Parameters,
    posted: bool,
    referer: Option<String>,
}

impl Asked {
    /// The first value of a parameter, as Prometheus reads it.
    pub(super) fn first(&self, name: &str) -> &str {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// Asks all shards.
    pub(super) async fn answer(self, endpoint: Endpoint) -> Result<Bytes, Failed> {
        let question = Question {
            endpoint,
            parameters: self.parameters,
            posted: self.posted,
            referer: self.referer,
        };
        Ok(proxy::ask(&self.server.app, &self.actor, question).await?)
    }
}

impl FromRequest<Server> for Asked {
    type Rejection = Failed;

    async fn from_request(request: Request, server: &Server) -> Result<Self, Failed> {
        let (mut parts, body) = request.into_parts();
        let Ok(credential) = Credential::from_request_parts(&mut parts, server).await;
        let limits = Limits {
            bytes: FORM_BYTES,
            time: server.body_timeout,
            memory: std::sync::Arc::clone(&server.body_memory),
        };
        let actor = match admitted(server, &credential).await {
            Ok(actor) => actor,
            Err(error) => {
                discard(&parts.headers, body, limits.time).await;
                return Err(error);
            }
        };
        let posted = parts.method == http::Method::POST;
        let mut parameters = Parameters::new();
        if posted {
            let Received { bytes, .. } = read(&parts.headers, body, &limits).await?;
            if !bytes.is_empty() && !is_form(&parts.headers) {
                let message = format!("the body is not sent as {FORM}");
                return Err(ProxyError::Parameter { message }.into());
            }
            parameters.extend(pairs(&bytes));
        }
        parameters.extend(pairs(parts.uri.query().unwrap_or_default().as_bytes()));
        let referer = parts.headers.get(header::REFERER);
        let referer = referer.and_then(|value| value.to_str().ok());
        Ok(Self {
            server: server.clone(),
            actor,
            parameters,
            posted,
            referer: referer.map(ToOwned::to_owned),
        })
    }
}

/// Asks whether they may query at all, before a body is kept. The use case decides again.
async fn admitted(server: &Server, credential: &Credential) -> Result<Actor, Failed> {
    let actor = credential.actor(&server.app).await?;
    proxy::admit(&server.app, &actor)?;
    Ok(actor)
}

fn pairs(text: &[u8]) -> impl Iterator<Item = (String, String)> + '_ {
    form_urlencoded::parse(text).into_owned()
}

/// Whether a body is a form; one that does not say what it is, is.
fn is_form(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE) else {
        return true;
    };
    let text = value.to_str().unwrap_or_default();
    let media = text.split(';').next().unwrap_or_default().trim();
    media.eq_ignore_ascii_case(FORM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_forms_are_read() {
        let form = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, http::HeaderValue::from_static(value));
            is_form(&headers)
        };
        assert!(is_form(&HeaderMap::new()));
        assert!(form("Application/X-WWW-Form-Urlencoded; charset=utf-8"));
        assert!(!form("application/json") && !form("multipart/form-data; boundary=x"));
    }
}
