//! A target: host and port.

use std::net::Ipv6Addr;

use crate::model::Hostname;

/// Most characters of a host.
const MAX_CHARS: usize = 128;

/// What a target says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// The host; an IPv6 address stands in brackets.
    pub(super) host: String,
    /// The port.
    pub(super) port: u16,
    /// It is an IPv6 address as well, without port.
    pub(super) ambiguous: bool,
}

/// Reads `host:port`. An IPv6 address may stand in brackets, or bare, as Promgen writes those that
/// it keeps bare: what follows the last colon is then the port.
///
/// # Errors
/// What is wrong, and the remedy.
pub(super) fn parse(target: &str) -> Result<Address, (String, &'static str)> {
    let no_port = || {
        let message = format!("{target:?} has no port");
        (message, "write it like host:9100, or [::1]:9100")
    };
    let (host, port) = target.rsplit_once(':').ok_or_else(no_port)?;
    let bare = host.contains(':') && !host.starts_with('[');
    let whole: Option<Ipv6Addr> = target.parse().ok();
    if port.contains(']') || (bare && whole.is_some() && !is_ipv6(host)) {
        return Err(no_port());
    }
    let number = port.parse::<u16>().ok().filter(|number| *number > 0);
    // A sign would be read as part of the number.
    let digits = port.bytes().all(|byte| byte.is_ascii_digit());
    let Some(port) = number.filter(|_| digits) else {
        let message = format!("{port:?} is not a port");
        return Err((message, "give a number from 1 to 65535"));
    };
    let host = match Hostname::parse(host) {
        Ok(host) => host.to_string(),
        // Discovery and imports may bring names that no form would accept, but none that
        // Prometheus refuses or reads otherwise.
        Err(_) if is_tolerable(host) => host.to_owned(),
        Err(error) => return Err((error.to_string(), "write an address or a DNS name")),
    };
    Ok(Address {
        host,
        port,
        ambiguous: whole.is_some(),
    })
}

fn is_ipv6(text: &str) -> bool {
    text.parse::<Ipv6Addr>().is_ok()
}

fn is_tolerable(host: &str) -> bool {
    let refused = |c: char| c.is_control() || c.is_whitespace() || "/:[]\\\"'<>?#@".contains(c);
    !(host.is_empty() || host.chars().count() > MAX_CHARS || host.contains(refused))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_all_kinds_are_read() {
        for (target, host, port, ambiguous) in [
            ("a.example.com:9100", "a.example.com", 9100, false),
            ("10.0.0.1:1", "10.0.0.1", 1, false),
            ("[::1]:9100", "[::1]", 9100, false),
            ("::1:9100", "[::1]", 9100, true),
            (
                "2001:db8:1:2:3:4:5:6:80",
                "[2001:db8:1:2:3:4:5:6]",
                80,
                false,
            ),
            ("日本語:80", "日本語", 80, false),
            ("a~b:80", "a~b", 80, false),
        ] {
            let found = parse(target).unwrap();
            let expected = Address {
                host: host.to_owned(),
                port,
                ambiguous,
            };
            assert_eq!(found, expected, "{target}");
        }
    }

    #[test]
    fn anything_else_is_refused_with_the_reason() {
        for (target, part) in [
            ("a", "has no port"),
            ("", "has no port"),
            ("[::1]", "has no port"),
            ("::1", "has no port"),
            ("fe80::1", "has no port"),
            ("2001:db8:1:2:3:4:5:6", "has no port"),
            ("a:99999", "\"99999\" is not a port"),
            ("a:0", "\"0\" is not a port"),
            ("a:+1", "\"+1\" is not a port"),
            ("a:", "\"\" is not a port"),
            ("a:http", "is not a port"),
            (":80", "is not a host"),
            ("http://a:80", "is not a host"),
            ("[a]:80", "is not a host"),
            ("a b:80", "is not a host"),
        ] {
            let (message, _) = parse(target).unwrap_err();
            assert!(message.contains(part), "{target}: {message}");
        }
    }
}
