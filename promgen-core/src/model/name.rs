//! Names: what people call shards, services, projects, farms, rules and hosts.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Most characters a name may have (Promgen's column width).
const MAX_CHARS: usize = 128;

/// Characters that no name may hold: they break paths, links, quoting or HTML.
const FORBIDDEN: &[char] = &['/', '\\', '"', '\'', '<', '>'];

/// Why a text is not a name. Always the caller's fault; a retry with the same text never helps.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NameError {
    /// The text is empty.
    #[error("a name has at least one character")]
    Empty,
    /// The text has more than 128 characters.
    #[error("a name has at most 128 characters, this one has {chars}")]
    TooLong {
        /// How many characters the text has.
        chars: usize,
    },
    /// The text begins or ends with a blank.
    #[error("a name neither begins nor ends with a blank")]
    OuterBlank,
    /// The text holds a character that names may not hold.
    #[error(
        "a name cannot hold {found:?} (character {position}); leave out / \\ \" ' < > and control characters"
    )]
    Forbidden {
        /// The character.
        found: char,
        /// Its place, counted in characters from 1.
        position: usize,
    },
    /// The text is not an IP address or host name.
    #[error(
        "{text:?} is not a host; give an IPv4 or IPv6 address or a DNS name, without scheme, port or path"
    )]
    NotAHost {
        /// The text.
        text: String,
    },
    /// The text is not a label name.
    #[error(
        "{text:?} is not a label name; use letters, digits and _, and do not begin with a digit"
    )]
    NotALabel {
        /// The text.
        text: String,
    },
}

macro_rules! text_newtype {
    ($name:ident) => {
        impl $name {
            /// Takes a text that was checked before it was stored.
            pub fn stored(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;

            fn try_from(text: String) -> Result<Self, NameError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }
    };
}

/// The name of a shard, service, project, farm or rule.
///
/// 1 to 128 characters, no control character, none of `/ \ " ' < >`, no blank at either end.
/// Comparison is by bytes. The rule is that of the project's decisions page; Promgen itself
/// refuses dots and one-character names, which need no refusal once names are escaped.
///
/// ```
/// use promgen_core::model::Name;
/// assert!(Name::parse("日本語 web-1.example").is_ok());
/// assert!(Name::parse("a/b").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

text_newtype!(Name);

impl Name {
    /// Checks a text and makes it a name.
    ///
    /// # Errors
    /// [`NameError`] says which rule the text breaks, and where.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let chars = text.chars().count();
        if chars == 0 {
            return Err(NameError::Empty);
        }
        if chars > MAX_CHARS {
            return Err(NameError::TooLong { chars });
        }
        if text.trim() != text {
            return Err(NameError::OuterBlank);
        }
        let forbidden = |c: char| c.is_control() || FORBIDDEN.contains(&c);
        if let Some((index, found)) = text.chars().enumerate().find(|(_, c)| forbidden(*c)) {
            return Err(NameError::Forbidden {
                found,
                position: index + 1,
            });
        }
        Ok(Self(text.to_owned()))
    }
}

/// The address of a host, without port: IPv4, IPv6 (in brackets or not) or a DNS name.
///
/// At most 128 characters. IPv6 addresses are kept in brackets, as Prometheus wants them before a
/// port. DNS labels may hold digits anywhere and `_` (container and Windows names do).
///
/// ```
/// use promgen_core::model::Hostname;
/// assert_eq!(Hostname::parse("::1").unwrap().as_str(), "[::1]");
/// assert!(Hostname::parse("web1.dc1").is_ok());
/// assert!(Hostname::parse("web:9100").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hostname(String);

text_newtype!(Hostname);

impl Hostname {
    /// Checks a text and makes it a host.
    ///
    /// # Errors
    /// [`NameError::NotAHost`] when the text is neither an address nor a DNS name.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let refused = || NameError::NotAHost {
            text: text.to_owned(),
        };
        let inner = text
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        if inner.unwrap_or(text).parse::<std::net::Ipv6Addr>().is_ok() {
            return Ok(Self(format!("[{}]", inner.unwrap_or(text))));
        }
        if inner.is_some() || text.chars().count() > MAX_CHARS || !is_dns_name(text) {
            return Err(refused());
        }
        Ok(Self(text.to_owned()))
    }
}

fn is_dns_name(text: &str) -> bool {
    let labels = text.strip_suffix('.').unwrap_or(text);
    !labels.is_empty() && labels.split('.').all(is_dns_label)
}

fn is_dns_label(label: &str) -> bool {
    let inner = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    !label.is_empty()
        && label.len() <= 63
        && label.chars().all(inner)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// A Prometheus label name: `[a-zA-Z_][a-zA-Z0-9_]*`, at most 128 characters.
///
/// Source: the Prometheus data model before 3.0, which every server since 2.0 accepts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LabelName(String);

text_newtype!(LabelName);

impl LabelName {
    /// Checks a text and makes it a label name.
    ///
    /// # Errors
    /// [`NameError::NotALabel`] when the text does not follow the pattern.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let first = |c: char| c.is_ascii_alphabetic() || c == '_';
        let later = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let legal = text.starts_with(first) && text.chars().all(later) && text.len() <= MAX_CHARS;
        if legal {
            Ok(Self(text.to_owned()))
        } else {
            Err(NameError::NotALabel {
                text: text.to_owned(),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_may_be_short_dotted_and_of_any_script() {
        for name in ["a", "a.b", "foo bar", "日本語", "x|y(z", &"n".repeat(128)] {
            assert_eq!(Name::parse(name).unwrap().as_str(), name);
        }
    }

    #[test]
    fn names_that_break_links_or_quoting_are_refused_with_the_place() {
        assert_eq!(Name::parse(""), Err(NameError::Empty));
        assert_eq!(Name::parse(" a"), Err(NameError::OuterBlank));
        assert_eq!(
            Name::parse(&"n".repeat(129)),
            Err(NameError::TooLong { chars: 129 })
        );
        for (name, found, position) in [("a/b", '/', 2), ("日\"", '"', 2), ("a\nb", '\n', 2)] {
            assert_eq!(
                Name::parse(name),
                Err(NameError::Forbidden { found, position })
            );
        }
    }

    #[test]
    fn hosts_are_addresses_or_dns_names() {
        for host in [
            "web",
            "web1.dc1",
            "a.b",
            "10.0.0.1",
            "xn--a.example.",
            "db_1",
            "[fe80::1]",
        ] {
            assert!(Hostname::parse(host).is_ok(), "{host}");
        }
        for host in [
            "",
            "a:1",
            "http://a",
            "a/b",
            "-a",
            "a-",
            "a..b",
            "[10.0.0.1]",
            "a b",
        ] {
            assert!(Hostname::parse(host).is_err(), "{host}");
        }
    }

    #[test]
    fn label_names_follow_prometheus() {
        assert!(LabelName::parse("_a9").is_ok());
        for label in ["", "9a", "a-b", "match[]", "é"] {
            assert!(LabelName::parse(label).is_err(), "{label}");
        }
    }
}
