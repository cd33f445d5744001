//! Where a request comes from, as far as that can be believed.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};

use axum::extract::FromRequestParts;
use http::header::{HOST, HeaderName, USER_AGENT};
use http::request::Parts;
use http::{Extensions, HeaderMap};
use promgen_core::app::login::Origin;
use promgen_core::config::{LinkScheme, Settings};
use promgen_core::plugin::{HeaderRequest, Peer};

use crate::Server;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// A request's peer and headers, for backends that look at them.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    peer: Peer,
    headers: HeaderMap,
}

impl Seen {
    pub(super) fn of(parts: &Parts) -> Self {
        Self {
            peer: peer(&parts.extensions),
            headers: parts.headers.clone(),
        }
    }
}

impl HeaderRequest for Seen {
    fn peer(&self) -> Peer {
        self.peer
    }

    fn header(&self, name: &str) -> Vec<String> {
        let values = self.headers.get_all(name).iter();
        values
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .collect()
    }
}

/// The other end of the connection. Without one, it is nobody who could be trusted.
fn peer(extensions: &Extensions) -> Peer {
    let known = extensions.get::<Peer>().copied();
    known.unwrap_or(Peer::ip(Ipv4Addr::UNSPECIFIED.into()))
}

/// Whoever wants to log in.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    /// What a session remembers about it.
    pub(crate) origin: Origin,
    /// Whether the browser came over TLS.
    pub(crate) secure: bool,
    /// Scheme and host by which the browser knows this server.
    pub(crate) base: String,
    /// The request.
    pub(crate) seen: Seen,
}

impl Visitor {
    fn of(seen: Seen, settings: &Settings) -> Self {
        let headers = &seen.headers;
        let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let trusted = settings.login.proxies.contains(seen.peer);
        let forwarded_tls = trusted
            && text(&FORWARDED_PROTO).is_some_and(|proto| {
                let last = proto.rsplit(',').next().unwrap_or_default();
                last.trim().eq_ignore_ascii_case("https")
            });
        let secure = forwarded_tls || settings.scheme == LinkScheme::Https;
        let scheme = if secure { "https" } else { "http" };
        let base = format!("{scheme}://{}", text(&HOST).unwrap_or("localhost"));
        let agent = text(&USER_AGENT).unwrap_or_default().to_owned();
        let address = address(&seen, settings);
        Self {
            origin: Origin { address, agent },
            secure,
            base,
            seen,
        }
    }
}

/// The address of the person: the peer's, or what trusted proxies say, read from the nearest one on:
/// what stands before the first stranger anybody may have written.
fn address(seen: &Seen, settings: &Settings) -> Option<IpAddr> {
    let proxies = &settings.login.proxies;
    let mut nearest = seen.peer;
    let lines = seen.header(FORWARDED_FOR.as_str());
    let all = lines.iter().flat_map(|line| line.split(','));
    let named: Vec<&str> = all.map(str::trim).collect();
    let mut further = named.into_iter().rev();
    while proxies.contains(nearest) {
        match further.next().map(str::parse::<IpAddr>) {
            Some(Ok(address)) => nearest = Peer::ip(address),
            Some(Err(_)) | None => break,
        }
    }
    match nearest {
        Peer::Ip(address) => Some(address),
        Peer::Unix => None,
    }
}

impl FromRequestParts<Server> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Infallible> {
        Ok(Self::of(Seen::of(parts), server.app.settings()))
    }
}

#[cfg(test)]
mod tests {
    use promgen_core::plugin::Peers;

    use super::*;

    fn visitor(peer: &str, headers: &[(&str, &str)], proxies: &[&str]) -> Visitor {
        let mut settings = Settings::default();
        settings.login.proxies = Peers::parse(proxies.iter().copied()).unwrap();
        let pair = |(name, value): &(&str, &str)| {
            let name: HeaderName = name.parse().unwrap();
            (name, value.parse().unwrap())
        };
        let seen = Seen {
            peer: peer.parse().map_or(Peer::Unix, Peer::ip),
            headers: headers.iter().map(pair).collect(),
        };
        Visitor::of(seen, &settings)
    }

    fn address(peer: &str, forwarded: &str, proxies: &[&str]) -> Option<String> {
        let visitor = visitor(peer, &[("x-forwarded-for", forwarded)], proxies);
        visitor.origin.address.map(|address| address.to_string())
    }

    #[test]
    fn only_trusted_proxies_say_where_somebody_comes_from() {
        let is = |text: &str| Some(text.to_owned());
        assert_eq!(address("192.0.2.1", "198.51.100.1", &[]), is("192.0.2.1"));
        assert_eq!(
            address("10.0.0.1", "198.51.100.1", &["10.0.0.0/8"]),
            is("198.51.100.1")
        );
        assert_eq!(
            address("unix", "198.51.100.1", &["unix"]),
            is("198.51.100.1")
        );
        let forged = "6.6.6.6, 198.51.100.1, 10.0.0.2";
        assert_eq!(
            address("10.0.0.1", forged, &["10.0.0.0/8"]),
            is("198.51.100.1")
        );
        assert_eq!(
            address("10.0.0.1", "6.6.6.6, nonsense", &["10.0.0.0/8"]),
            is("10.0.0.1")
        );
        assert_eq!(address("unix", "", &["unix"]), None);
    }

    #[test]
    fn only_trusted_proxies_say_that_there_is_tls() {
        let headers = [
            ("x-forwarded-proto", "https"),
            ("host", "promgen.example.com"),
        ];
        let trusted = visitor("10.0.0.1", &headers, &["10.0.0.1"]);
        assert!(trusted.secure);
        assert_eq!(trusted.base, "https://promgen.example.com");
        let stranger = visitor("10.0.0.2", &headers, &["10.0.0.1"]);
        assert!(!stranger.secure);
        assert_eq!(stranger.base, "http://promgen.example.com");
    }
}
