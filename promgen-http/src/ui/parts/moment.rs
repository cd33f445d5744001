//! A time, in the zone of whoever reads it.

use askama::Template;
use promgen_core::model::Timestamp;

use crate::ui::text::Texts;

/// A time with UTC in its tooltip.
#[derive(Debug, Clone, Template)]
#[template(
    ext = "html",
    source = r#"<time datetime="{{ utc }}" title="{{ utc }}">{{ local }}</time>"#
)]
pub(crate) struct Moment {
    utc: String,
    local: String,
}

impl Moment {
    /// A time as somebody reads it.
    pub(crate) fn new(at: Timestamp, t: &Texts) -> Self {
        Self {
            utc: at.rfc3339(),
            local: t.zone.write(at),
        }
    }
}
