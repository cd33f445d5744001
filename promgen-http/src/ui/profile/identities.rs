//! By which other sites somebody logs in.

use std::borrow::Cow;

use promgen_core::app::login::{self, Way};
use promgen_core::app::{Actor, App, AppError};
use promgen_core::model::LinkedIdentity;
use promgen_core::plugin::Registry;

use crate::ui::parts::Moment;
use crate::ui::text::Texts;

/// The identities of whoever looks, and where they can get more.
pub(super) struct Identities {
    pub(super) linked: Vec<Row>,
    /// The sites that none of them is of, by key and what people call them.
    pub(super) others: Vec<(&'static str, Cow<'static, str>)>,
}

/// An identity as a row.
pub(super) struct Row {
    pub(super) identity: LinkedIdentity,
    /// What the site is called.
    pub(super) label: Cow<'static, str>,
    pub(super) seen: Moment,
    /// Whether it can be ended: only where there is a way to get it back. A proxy, say, would hand in
    /// the next identity at once, for an account of its own.
    pub(super) ends: bool,
}

impl Identities {
    pub(super) async fn load(app: &App, actor: &Actor, t: &Texts) -> Result<Self, AppError> {
        let registry = app.registry();
        let linked = login::identities(app, actor).await?;
        let mut others = login::choices(app);
        others.retain(|choice| choice.way == Way::Button);
        let buttons: Vec<String> = others.iter().map(|one| one.key.to_owned()).collect();
        others.retain(|choice| linked.iter().all(|one| one.backend != choice.key));
        let row = |identity: LinkedIdentity| Row {
            label: backend_label(registry, &identity.backend, t),
            seen: Moment::new(identity.last_login, t),
            ends: buttons.contains(&identity.backend),
            identity,
        };
        Ok(Self {
            linked: linked.into_iter().map(row).collect(),
            others: others
                .iter()
                .map(|one| (one.key, backend_label(registry, one.key, t)))
                .collect(),
        })
    }

    /// Whether there is anything to be shown.
    pub(super) fn is_empty(&self) -> bool {
        self.linked.is_empty() && self.others.is_empty()
    }
}

/// What a way to log in is called.
pub(crate) fn backend_label(registry: &Registry, key: &str, t: &Texts) -> Cow<'static, str> {
    let found = registry.backend(key);
    found.map_or_else(|| key.to_owned().into(), |backend| t.backend(backend))
}
