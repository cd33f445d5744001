//! What every page stands in: who looks at it, how it is framed, and how it is answered.

mod notice;
mod posted;
mod show;
mod viewer;

pub(crate) use notice::Notice;
pub(crate) use posted::Posted;
pub(crate) use show::redirect;
pub(crate) use viewer::{Anyone, Here, Viewer};

use std::borrow::Cow;

use fluent_bundle::FluentValue;

use super::assets;
use super::text::Texts;

/// The frame of a page: a field `frame` of every page's template.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// What the page is called.
    pub(crate) title: String,
    /// The way to it from the home page, which is not named.
    pub(crate) crumbs: Vec<Crumb>,
    /// The texts.
    pub(crate) t: Texts,
    /// User name of who looks, if it is somebody known.
    pub(crate) user: Option<String>,
    /// Whether they may administer.
    pub(crate) superuser: bool,
    /// The form token of their session.
    pub(crate) token: String,
    /// What is to be said first.
    pub(crate) notices: Vec<Notice>,
    /// Path and query of the page.
    pub(crate) here: String,
    /// Whether this is a demo.
    pub(crate) demo: bool,
    /// Whether the setting `DEBUG` is on.
    pub(crate) debug: bool,
    /// Where the static files of this version are.
    pub(crate) assets: &'static str,
}

/// A step on the way to a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Crumb {
    /// What it is called.
    pub(crate) label: String,
    /// Where it is; the page itself has none.
    pub(crate) link: Option<String>,
}

impl Crumb {
    /// A step with a link.
    pub(crate) fn new(label: impl Into<String>, link: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            link: Some(link.into()),
        }
    }

    /// The page itself.
    pub(crate) fn here(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            link: None,
        }
    }
}

impl Frame {
    /// A text.
    pub(crate) fn say(&self, key: &'static str) -> Cow<'static, str> {
        self.t.say(key)
    }

    /// A text with arguments.
    pub(crate) fn with(
        &self,
        key: &'static str,
        args: &[(&'static str, FluentValue<'_>)],
    ) -> String {
        self.t.with(key, args)
    }

    /// A text with the argument `name`.
    pub(crate) fn name(&self, key: &'static str, name: impl AsRef<str>) -> String {
        self.t.name(key, name)
    }

    /// A text with the argument `count`.
    pub(crate) fn count(&self, key: &'static str, count: u64) -> String {
        self.t.count(key, count)
    }

    /// ` aria-current` for a link of the navigation that leads to where the page is.
    pub(crate) fn is_at(&self, path: &str) -> bool {
        let here = self.here.split('?').next().unwrap_or_default();
        here.strip_prefix(path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    fn new(viewer: &Viewer, title: String, crumbs: Vec<Crumb>) -> Self {
        let user = viewer.known();
        Self {
            title,
            crumbs,
            t: viewer.t().clone(),
            user: user.map(|user| user.username.clone()),
            superuser: user.is_some_and(|user| user.superuser && user.active),
            token: viewer.token().to_owned(),
            notices: viewer.notices().to_vec(),
            here: viewer.here().full(),
            demo: viewer.demo(),
            debug: viewer.debug(),
            assets: assets::base(),
        }
    }
}
