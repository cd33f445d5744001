//! How a driver describes its own form, from which UI, API and documentation are made.

use crate::model::Problem;

/// What a field holds, and so how it is asked for and checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldKind {
    /// Any text.
    Text,
    /// An e-mail address.
    Email,
    /// An `http` or `https` URL. Only scheme and host are shown again: the rest may be a key.
    Url,
    /// A text that is never shown again.
    Secret,
    /// A user of this installation; stored as the user's id.
    User,
}

/// One field of a driver's form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// `value` or `alias`.
    pub name: &'static str,
    /// What people read beside it.
    pub label: &'static str,
    /// One sentence of help.
    pub help: &'static str,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether it may stay empty.
    pub required: bool,
}

impl Field {
    /// Checks what somebody typed into the field.
    pub fn check(&self, text: &str) -> Option<Problem> {
        let problem =
            |message: &str, remedy: &str| Some(Problem::error(self.name, message, remedy));
        if text.is_empty() {
            return if self.required {
                problem("is empty", &format!("give the {}", self.label))
            } else {
                None
            };
        }
        if text.chars().any(char::is_control) {
            return problem("holds a control character", "give it on one line");
        }
        match self.kind {
            FieldKind::Email if !is_address(text) => {
                problem("is not an e-mail address", "write it like name@example.com")
            }
            FieldKind::Url if !is_http_url(text) => problem(
                "is not a URL",
                "write it like https://chat.example.com/hook",
            ),
            _ => None,
        }
    }
}

fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let no_blank = !text.contains(char::is_whitespace);
    no_blank && !local.is_empty() && !domain.is_empty() && !domain.starts_with('.')
}

pub(super) fn is_http_url(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next());
    host.is_some_and(|host| !host.is_empty()) && !text.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: FieldKind) -> Field {
        Field {
            name: "value",
            label: "Value",
            help: "",
            kind,
            required: true,
        }
    }

    #[test]
    fn each_kind_refuses_what_it_is_not() {
        assert!(field(FieldKind::Text).check("").is_some());
        assert!(field(FieldKind::Text).check("a\r\nb").is_some());
        assert!(field(FieldKind::Email).check("a b@example.com").is_some());
        assert!(field(FieldKind::Email).check("team@example.com").is_none());
        assert!(field(FieldKind::Url).check("ftp://example.com").is_some());
        assert!(
            field(FieldKind::Url)
                .check("http://127.0.0.1:1/hook/s0")
                .is_none()
        );
    }
}
