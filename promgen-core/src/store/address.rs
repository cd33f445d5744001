//! Reading `DATABASE_URL`.

use std::path::PathBuf;

use super::StoreError;
use crate::config::DatabaseUrl;
use crate::model::Secret;

/// Which database program keeps the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Backend {
    /// A file on this machine, the default.
    Sqlite,
    /// `PostgreSQL`.
    Postgres,
    /// `MariaDB` or `MySQL`.
    MySql,
}

impl Backend {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::MySql => "MariaDB or MySQL",
        }
    }
}

/// A database address, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Address {
    /// The database file.
    Sqlite(PathBuf),
    /// A URL for the driver.
    Postgres(Secret<String>),
    /// A URL for the driver.
    MySql(Secret<String>),
}

/// The kinds that are built in, each with how its URLs begin.
const KNOWN: &[&str] = &[
    #[cfg(feature = "sqlite")]
    "sqlite://",
    #[cfg(feature = "postgres")]
    "postgres://",
    #[cfg(feature = "mysql")]
    "mysql://",
    #[cfg(feature = "mysql")]
    "mariadb://",
];

impl Address {
    /// Takes a URL apart.
    ///
    /// `SQLite` paths: `sqlite://promgen.db` is relative, `sqlite:///var/lib/promgen.db` absolute.
    /// As Django writes it, `sqlite:///promgen.db` is relative as well (nobody keeps a database in
    /// the root folder) and `sqlite:////var/lib/promgen.db` absolute. Parameters after `?` do not
    /// matter to a `SQLite` address, for how the file is opened is not a choice.
    pub(super) fn parse(url: &DatabaseUrl) -> Result<Self, StoreError> {
        let text = url.0.reveal().trim();
        let (scheme, rest) = text.split_once(':').unwrap_or((text, ""));
        match scheme {
            "sqlite" | "sqlite3" if cfg!(feature = "sqlite") => sqlite_path(rest).map(Self::Sqlite),
            "postgres" | "postgresql" if cfg!(feature = "postgres") => {
                server_url("postgres", rest).map(Self::Postgres)
            }
            "mysql" | "mariadb" if cfg!(feature = "mysql") => {
                server_url("mysql", rest).map(Self::MySql)
            }
            _ => Err(StoreError::UnknownKind {
                scheme: shown_scheme(scheme),
                known: KNOWN.join(", "),
            }),
        }
    }
}

/// The scheme for an error message. What stands before the first colon may be anything, so only
/// what looks like a scheme is shown: never a password that lacks its URL.
fn shown_scheme(scheme: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    if scheme.len() <= 16 && scheme.chars().all(plain) {
        scheme.to_owned()
    } else {
        "…".to_owned()
    }
}

fn sqlite_path(rest: &str) -> Result<PathBuf, StoreError> {
    let path = rest.strip_prefix("//").unwrap_or(rest);
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    if path.is_empty() || path.ends_with('/') {
        return Err(StoreError::BadUrl {
            reason: "it names no file; write sqlite://promgen.db or sqlite:///var/lib/promgen.db",
        });
    }
    if path.contains(":memory:") {
        return Err(StoreError::BadUrl {
            reason: "a database in memory would lose every alert; name a file",
        });
    }
    let path = percent_decoded(path);
    let path = match path.strip_prefix('/') {
        Some(rest) if rest.starts_with('/') || !rest.contains('/') => rest,
        _ => &path,
    };
    Ok(PathBuf::from(path))
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let digits = tail.get(..2).filter(|_| *first == b'%');
        let escaped = digits.and_then(|digits| hex::decode(digits).ok());
        rest = if let Some(decoded) = escaped {
            bytes.extend(decoded);
            tail.get(2..).unwrap_or_default()
        } else {
            bytes.push(*first);
            tail
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn server_url(scheme: &str, rest: &str) -> Result<Secret<String>, StoreError> {
    let text = format!("{scheme}:{rest}");
    match url::Url::parse(&text) {
        Ok(url) if url.path().len() > 1 => Ok(Secret::new(text)),
        Ok(_) => Err(StoreError::BadUrl {
            reason: "it names no database; write scheme://user:password@host:port/database",
        }),
        Err(_) => Err(StoreError::BadUrl {
            reason: "it is no URL; write scheme://user:password@host:port/database, \
                     with special characters of the password as %XX",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<Address, StoreError> {
        Address::parse(&DatabaseUrl(Secret::new(url.to_owned())))
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn sqlite_paths_are_read_in_both_forms() {
        for (url, path) in [
            ("sqlite://promgen.db", "promgen.db"),
            ("sqlite:promgen.db", "promgen.db"),
            ("sqlite://data/promgen.db?mode=rwc", "data/promgen.db"),
            ("sqlite:///promgen.db", "promgen.db"),
            ("sqlite:///var/lib/promgen.db", "/var/lib/promgen.db"),
            ("sqlite:////var/lib/promgen.db", "/var/lib/promgen.db"),
            ("sqlite:///var/my%20data.db", "/var/my data.db"),
        ] {
            assert_eq!(parse(url).unwrap(), Address::Sqlite(path.into()), "{url}");
        }
        assert!(parse("sqlite://").is_err());
        assert!(parse("sqlite::memory:").is_err());
    }

    #[test]
    fn an_unknown_kind_is_told_which_kinds_there_are() {
        let error = parse("oracle://scott:tiger@db/x").unwrap_err();
        for known in KNOWN {
            assert!(error.to_string().contains(known), "{error}");
        }
        assert!(!error.to_string().contains("tiger"));
    }

    #[cfg(all(feature = "postgres", feature = "mysql"))]
    #[test]
    fn aliases_of_a_scheme_mean_the_same_driver() {
        assert_eq!(
            parse("postgresql://a/b").unwrap(),
            parse("postgres://a/b").unwrap()
        );
        assert_eq!(
            parse("mariadb://a/b").unwrap(),
            parse("mysql://a/b").unwrap()
        );
    }

    #[test]
    fn no_message_shows_a_password() {
        for url in [
            "postgres://u:hunter2@host:port/db",
            "mysql://u:hunter2@/db",
            "postgres://u:hunter2@host",
            "u:hunter2@host/db",
            "hunter2 hunter2 hunter2:",
        ] {
            let error = parse(url).map(|address| format!("{address:?}"));
            let shown = format!(
                "{error:?} {}",
                error
                    .as_ref()
                    .map_or_else(ToString::to_string, Clone::clone)
            );
            assert!(!shown.contains("hunter2"), "{shown}");
        }
    }
}
