//! The client behind every outgoing HTTP request.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ipnet::IpNet;
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use thiserror::Error;
use url::{Host, Url};

use super::resolver::{GuardedResolver, Names};
use super::{Class, Guard, Refusal};
use crate::config;
use crate::plugin::{HttpRequest, HttpResponse, Method, NotifyError};

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(5);

/// Most bytes kept of what a destination answers, unless the caller says otherwise.
const ANSWER_BYTES: usize = 64 * 1024;

/// Why there is no client.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EgressError {
    /// An entry of `egress.allow` or `egress.deny` is not a CIDR.
    #[error("{text:?} is not an address range; write it like 10.0.0.0/8")]
    NotACidr {
        /// The entry.
        text: String,
    },
}

/// Why nothing came back. Texts hold scheme, host and port of the destination at most.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EgressFailure {
    /// The URL or a header cannot be sent.
    #[error("{message}")]
    Unusable {
        /// What is wrong.
        message: String,
    },
    /// The guard does not let the destination pass.
    #[error("{host} is out of bounds: {refusal}")]
    Refused {
        /// The host.
        host: String,
        /// What it is.
        refusal: Refusal,
    },
    /// The answer was not complete in time.
    #[error("{host}: no answer within {} s", deadline.as_secs_f64())]
    Slow {
        /// The host.
        host: String,
        /// How long it was waited for.
        deadline: Duration,
    },
    /// The answer is larger than what there is room for. It may be asked for in parts.
    #[error("{host}: the answer is larger than there is room for")]
    TooLarge {
        /// The host.
        host: String,
    },
    /// The network or the peer.
    #[error("{host}: {message}")]
    Failed {
        /// The host.
        host: String,
        /// What happened.
        message: String,
    },
}

impl From<EgressFailure> for NotifyError {
    fn from(failure: EgressFailure) -> Self {
        let message = failure.to_string();
        match failure {
            EgressFailure::Failed { .. } | EgressFailure::Slow { .. } => Self::Retry {
                after: None,
                message,
            },
            EgressFailure::Unusable { .. }
            | EgressFailure::Refused { .. }
            | EgressFailure::TooLarge { .. } => Self::Permanent { message },
        }
    }
}

/// The HTTP client. Clones share connections.
#[derive(Debug, Clone)]
pub struct Client {
    guard: Guard,
    names: Names,
    /// Made when they are first used, for each reads all certificate authorities of the machine.
    doors: Arc<Mutex<BTreeMap<Dial, Door>>>,
}

/// How a connection comes about.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Dial {
    /// Names are resolved as the machine does it.
    Direct,
    /// The guard judges what names resolve to.
    Guarded(Class),
    /// Through a proxy that the settings name.
    Proxy(String),
}

#[derive(Debug, Clone)]
struct Door {
    client: reqwest::Client,
    /// Whether this machine has certificate authorities; without them only plain HTTP works.
    authorities: bool,
}

impl Client {
    /// Makes the client by the operator's lists.
    ///
    /// # Errors
    /// [`EgressError`] for an entry that is no CIDR.
    pub fn new(settings: &config::Egress) -> Result<Self, EgressError> {
        Self::by_names(settings, &Names::System)
    }

    pub(super) fn by_names(settings: &config::Egress, names: &Names) -> Result<Self, EgressError> {
        // Another part of the program may have chosen the provider already; it is the same one.
        rustls::crypto::ring::default_provider()
            .install_default()
            .ok();
        Ok(Self {
            guard: Guard::new(nets(&settings.allow)?, nets(&settings.deny)?),
            names: names.clone(),
            doors: Arc::default(),
        })
    }

    /// Sends a request and keeps the first 64 KiB of the answer's body. See
    /// [`Client::request_sized`].
    ///
    /// # Errors
    /// [`EgressFailure`] when nothing came back. Any status is an answer, not a failure.
    pub async fn request(
        &self,
        class: Class,
        request: HttpRequest,
        deadline: Duration,
    ) -> Result<HttpResponse, EgressFailure> {
        self.request_sized(class, request, deadline, ANSWER_BYTES)
            .await
    }

    /// Sends a request; `deadline` covers everything up to the last byte of the answer, of whose
    /// body at most `max_body` bytes are kept.
    ///
    /// An answer that breaks off, or is not complete in time, is a failure when it began as a
    /// success: whether the peer did its work is unknown. Any other status has said enough, and is
    /// answered with as much of the body as came.
    ///
    /// # Errors
    /// [`EgressFailure`] when nothing came back. Any status is an answer, not a failure.
    pub async fn request_sized(
        &self,
        class: Class,
        request: HttpRequest,
        deadline: Duration,
        max_body: usize,
    ) -> Result<HttpResponse, EgressFailure> {
        let (outgoing, way) = self.prepare(class, request)?;
        let mut received = None;
        let receiving = receive(outgoing, max_body, &mut received);
        let end = tokio::time::timeout(deadline, receiving).await;
        match (end, received) {
            (Ok(Ok(())), Some(answer)) => Ok(answer),
            (_, Some(answer)) if !(200..300).contains(&answer.status) => Ok(answer),
            (Ok(Err(error)), _) => Err(way.why(error)),
            (Err(_) | Ok(Ok(())), _) => Err(EgressFailure::Slow {
                host: way.host,
                deadline,
            }),
        }
    }

    /// Judges a request and chooses the client for it.
    pub(super) fn prepare(
        &self,
        class: Class,
        request: HttpRequest,
    ) -> Result<(reqwest::RequestBuilder, Way), EgressFailure> {
        let url = parse(&request.url)?;
        let host = origin(&url);
        self.check_literal(class, &url, &host, request.proxy.is_some())?;
        let door = self.door(match (&request.proxy, class) {
            (Some(proxy), _) => Dial::Proxy(proxy.clone()),
            (None, Class::Infra) => Dial::Direct,
            (None, Class::Import) => Dial::Guarded(Class::Import),
            (None, Class::Notify | Class::Scrape) => Dial::Guarded(Class::Notify),
        })?;
        let without_authorities = url.scheme() == "https" && !door.authorities;
        let outgoing = outgoing(&door.client, url, request)?;
        Ok((
            outgoing,
            Way {
                host,
                without_authorities,
            },
        ))
    }

    fn door(&self, dial: Dial) -> Result<Door, EgressFailure> {
        let mut doors = self.doors.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(door) = doors.get(&dial) {
            return Ok(door.clone());
        }
        let unusable = |message| EgressFailure::Unusable { message };
        let door = match &dial {
            Dial::Direct => Door::new(builder),
            Dial::Guarded(class) => {
                let resolver = Arc::new(GuardedResolver {
                    guard: self.guard.clone(),
                    class: *class,
                    names: self.names.clone(),
                });
                Door::new(|| builder().dns_resolver(Arc::clone(&resolver)))
            }
            // The proxy is the operator's, so it is dialled as it is.
            Dial::Proxy(proxy) => {
                let by = reqwest::Proxy::all(proxy)
                    .map_err(|_| unusable("the proxy in the settings is not a URL".to_owned()))?;
                Door::new(|| builder().proxy(by.clone()))
            }
        };
        let door = door.map_err(|error| unusable(error.to_string()))?;
        doors.insert(dial, door.clone());
        Ok(door)
    }

    /// A resolver is never asked about an address that stands in the URL itself, nor about a name
    /// that a proxy resolves. What every resolver answers for `localhost` is known (RFC 6761).
    fn check_literal(
        &self,
        class: Class,
        url: &Url,
        host: &str,
        proxied: bool,
    ) -> Result<(), EgressFailure> {
        let address = match url.host() {
            Some(Host::Ipv4(v4)) => IpAddr::V4(v4),
            Some(Host::Ipv6(v6)) => IpAddr::V6(v6),
            Some(Host::Domain(name)) if proxied && is_localhost(name) => Ipv4Addr::LOCALHOST.into(),
            Some(Host::Domain(_)) | None => return Ok(()),
        };
        let refused = |refusal| EgressFailure::Refused {
            host: host.to_owned(),
            refusal,
        };
        self.guard.allows(class, address).map_err(refused)
    }
}

/// Where a request goes.
pub(super) struct Way {
    /// Scheme, host and port.
    pub(super) host: String,
    without_authorities: bool,
}

impl Way {
    /// What went wrong on it.
    pub(super) fn why(&self, error: reqwest::Error) -> EgressFailure {
        why(&self.host, error, self.without_authorities)
    }
}

fn is_localhost(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name == "localhost" || name.ends_with(".localhost")
}

impl Door {
    /// A machine without certificate authorities (a minimal container) still sends to plain HTTP; what
    /// goes to HTTPS fails one by one, and says why.
    fn new(builder: impl Fn() -> reqwest::ClientBuilder) -> Result<Self, reqwest::Error> {
        match builder().build() {
            Ok(client) => Ok(Self {
                client,
                authorities: true,
            }),
            Err(_) => Ok(Self {
                client: builder().tls_certs_only([]).build()?,
                authorities: false,
            }),
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place where clients are made"
)]
fn builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .user_agent(concat!("promgen/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        // A proxy from the environment would be dialled instead of the checked address.
        .no_proxy()
        .referer(false)
        .connect_timeout(CONNECT)
}

fn nets(texts: &[String]) -> Result<Vec<IpNet>, EgressError> {
    let net = |text: &String| {
        let address = text.parse::<IpAddr>().map(IpNet::from);
        text.parse()
            .or(address)
            .map_err(|_| EgressError::NotACidr { text: text.clone() })
    };
    texts.iter().map(net).collect()
}

fn parse(text: &str) -> Result<Url, EgressFailure> {
    let unusable = |message: &str| EgressFailure::Unusable {
        message: message.to_owned(),
    };
    let url = Url::parse(text).map_err(|_| unusable("the destination is not a URL"))?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        _ => Err(unusable(
            "the destination is neither an http nor an https URL",
        )),
    }
}

/// Scheme, host and port: what may be shown of a URL that may hold a secret.
fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn outgoing(
    client: &reqwest::Client,
    url: Url,
    request: HttpRequest,
) -> Result<reqwest::RequestBuilder, EgressFailure> {
    let method = match request.method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Delete => reqwest::Method::DELETE,
    };
    let mut outgoing = client.request(method, url).body(request.body);
    for (name, value) in request.headers {
        let unusable = || EgressFailure::Unusable {
            message: format!("header {name} cannot be sent"),
        };
        let header = HeaderName::try_from(&name).map_err(|_| unusable())?;
        let value = HeaderValue::try_from(value).map_err(|_| unusable())?;
        outgoing = outgoing.header(header, value);
    }
    Ok(outgoing)
}

/// Puts the answer into `received` as soon as its status is known, and its body as it comes, so
/// that what there is remains when this is cut short.
async fn receive(
    outgoing: reqwest::RequestBuilder,
    max_body: usize,
    received: &mut Option<HttpResponse>,
) -> Result<(), reqwest::Error> {
    let mut answer = outgoing.send().await?;
    let body = &mut received
        .insert(HttpResponse {
            status: answer.status().as_u16(),
            retry_after: retry_after(&answer),
            body: Vec::new(),
        })
        .body;
    while body.len() < max_body {
        let Some(chunk) = answer.chunk().await? else {
            break;
        };
        let room = max_body.saturating_sub(body.len());
        body.extend(chunk.iter().take(room));
    }
    Ok(())
}

/// `Retry-After` in seconds, or as a date measured against the answer's own `Date`, so that no
/// clock but the peer's matters.
fn retry_after(answer: &reqwest::Response) -> Option<Duration> {
    let header = |name: &str| answer.headers().get(name)?.to_str().ok();
    let text = header("retry-after")?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = |text: &str| chrono::DateTime::parse_from_rfc2822(text).ok();
    let (until, from) = (date(text)?, date(header("date")?)?);
    (until - from).to_std().ok()
}

/// The reason at the bottom of the chain, without the URL.
fn why(host: &str, error: reqwest::Error, without_authorities: bool) -> EgressFailure {
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(source) = cause.source() {
        if let Some(refusal) = source.downcast_ref::<Refusal>() {
            return EgressFailure::Refused {
                host: host.to_owned(),
                refusal: refusal.clone(),
            };
        }
        cause = source;
    }
    let what = if error.is_connect() {
        "cannot connect: "
    } else {
        ""
    };
    let hint = if without_authorities {
        "; this machine has no certificate authorities: install ca-certificates or set SSL_CERT_FILE"
    } else {
        ""
    };
    EgressFailure::Failed {
        host: host.to_owned(),
        message: format!("{what}{cause}{hint}"),
    }
}

#[cfg(test)]
mod tests;
