//! Pieces that pages are made of. Each is a template that prints itself: `{{ field }}`.

mod badge;
mod chips;
mod code;
mod confirm;
mod diff;
mod empty;
mod field;
mod form;
mod kind;
mod label;
mod linked;
mod moment;
mod odd;
mod pager;
mod sort;

pub(crate) use badge::{Badge, Tone};
pub(crate) use chips::{Chip, Chips, Lead};
pub(crate) use code::Code;
pub(crate) use confirm::{ConfirmPage, Thing, Things};
pub(crate) use diff::Diff;
pub(crate) use empty::Empty;
pub(crate) use field::{Choice, Field};
pub(crate) use form::{FormPage, FormView, Remark, remarks};
pub(crate) use kind::{kind, kind_of};
pub(crate) use label::{label_of, label_parameter};
pub(crate) use linked::{Linked, is_address};
pub(crate) use moment::Moment;
pub(crate) use odd::Odd;
pub(crate) use pager::{NONE, Pager, Sheet, with_query};
pub(crate) use sort::{Headings, ORDER};

/// Lets pieces stand in other templates as the HTML that they are. Each escapes what it is given.
macro_rules! pieces {
    ($($piece:ty),* $(,)?) => {
        $(impl askama::filters::HtmlSafe for $piece {})*
    };
}

pieces! { Badge, Chips, Code, Diff, Empty, Field, FormView, Linked, Moment, Pager, sort::Heading, sort::KeptOrder }
