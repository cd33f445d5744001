//! What kind of error an attempt ended with, told by what was seen and not by a text.

use std::borrow::Cow;

use crate::egress::{Answered, Exchange};

/// A kind of error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum ErrorClass {
    /// The driver is not part of this program, or refuses its settings.
    Driver,
    /// The last answer had this HTTP status.
    Status(u16),
    /// There was no answer in time.
    Timeout,
    /// There was no answer: no connection, or one that broke.
    Network,
    /// Anything else, such as what a mail server says.
    Other,
}

impl ErrorClass {
    /// The class of an attempt that failed after this exchange with its destination.
    pub(super) fn of(exchange: &Exchange) -> Self {
        match exchange.last() {
            Some(Answered::Status(status)) if status >= 300 => Self::Status(status),
            Some(Answered::Nothing) => Self::Network,
            _ => Self::Other,
        }
    }

    /// As a label.
    pub(in crate::app) fn word(self) -> Cow<'static, str> {
        match self {
            Self::Driver => "driver".into(),
            Self::Status(status) => format!("http_{status}").into(),
            Self::Timeout => "timeout".into(),
            Self::Network => "network".into(),
            Self::Other => "other".into(),
        }
    }

    /// As the original names it.
    pub(in crate::app) fn original(self) -> Cow<'static, str> {
        match self {
            Self::Driver => "import_error".into(),
            Self::Status(status) => format!("{status}_http_error").into(),
            Self::Timeout | Self::Network | Self::Other => "other_error".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_exchange_tells_the_class() {
        let exchange = Exchange::default();
        assert_eq!(ErrorClass::of(&exchange), ErrorClass::Other);
        exchange.note(Answered::Nothing);
        assert_eq!(ErrorClass::of(&exchange), ErrorClass::Network);
        exchange.note(Answered::Status(503));
        assert_eq!(ErrorClass::of(&exchange).original(), "503_http_error");
        exchange.note(Answered::Status(200));
        assert_eq!(ErrorClass::of(&exchange).word(), "other");
    }
}
