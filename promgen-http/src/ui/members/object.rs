//! The object and the holder that a request for a role names, as the original names them.

use promgen_core::app::{AppError, both, roles};
use promgen_core::model::{Grantee, ProjectId, RoleOn, ServiceId};

use crate::Server;
use crate::ui::frame::{Crumb, Viewer};
use crate::ui::next;

/// What a form or a query says of a role.
#[derive(Debug, Clone, Default)]
pub(super) struct Named {
    /// `service` or `project`, in any case.
    pub(super) model: String,
    /// Id of the object.
    pub(super) id: String,
    /// `user` or `group`.
    pub(super) kind: String,
    /// Names of the users: one where a role is changed or taken.
    pub(super) usernames: Vec<String>,
    /// Name of the group.
    pub(super) group: String,
    /// Where it goes on; empty for the page of the object.
    pub(super) next: String,
}

/// Who gets or loses a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    User,
    Group,
}

impl Named {
    /// Read by the name of each field.
    pub(super) fn read<'a>(field: impl Fn(&'static str) -> Option<&'a str>) -> Self {
        let username = field("username").filter(|name| !name.is_empty());
        let text = |name| field(name).unwrap_or_default().to_owned();
        Self {
            model: text("model"),
            id: text("id"),
            kind: text("perm-type"),
            usernames: username.map(str::to_owned).into_iter().collect(),
            group: text("group"),
            next: text("next"),
        }
    }

    /// The object.
    pub(super) fn on(&self) -> Result<RoleOn, AppError> {
        let id = self.id.parse().ok();
        let on = match (self.model.to_ascii_lowercase().as_str(), id) {
            ("service", Some(id)) => Some(RoleOn::Service(ServiceId(id))),
            ("project", Some(id)) => Some(RoleOn::Project(ProjectId(id))),
            _ => None,
        };
        on.ok_or_else(|| AppError::not_found("service or project", &self.id))
    }

    /// Whether it is about a user or a group.
    pub(super) fn kind(&self) -> Kind {
        match self.kind.as_str() {
            "group" => Kind::Group,
            _ => Kind::User,
        }
    }

    /// With all users that a form names: it may have a field for each.
    #[must_use]
    pub(super) fn with_users<'a>(mut self, fields: impl Iterator<Item = &'a str>) -> Self {
        for name in fields.flat_map(|field| field.split([',', ' ', '\n', '\r', '\t'])) {
            if !name.is_empty() && !self.usernames.iter().any(|one| one == name) {
                self.usernames.push(name.to_owned());
            }
        }
        self
    }

    /// The name of who it is about.
    pub(super) fn holder(&self) -> &str {
        match self.kind() {
            Kind::User => self.usernames.first().map_or("", String::as_str),
            Kind::Group => &self.group,
        }
    }

    /// Who it is about.
    pub(super) async fn grantee(
        &self,
        server: &Server,
        viewer: &Viewer,
    ) -> Result<Grantee, AppError> {
        let (app, actor) = (&server.app, viewer.actor());
        Ok(match self.kind() {
            Kind::User => Grantee::User(roles::user_named(app, actor, self.holder()).await?),
            Kind::Group => Grantee::Group(roles::group_named(app, actor, &self.group).await?),
        })
    }

    /// All whom it is about: nobody gets a role as long as one of them is unknown.
    pub(super) async fn grantees(
        &self,
        server: &Server,
        viewer: &Viewer,
    ) -> Result<Vec<Grantee>, AppError> {
        if self.kind() == Kind::Group || self.usernames.is_empty() {
            return Ok(vec![self.grantee(server, viewer).await?]);
        }
        let mut grantees = Ok(Vec::new());
        for name in &self.usernames {
            let user = roles::user_named(&server.app, viewer.actor(), name).await;
            grantees = both(grantees, user).map(|(mut all, user)| {
                all.push(Grantee::User(user));
                all
            });
        }
        grantees
    }

    /// Where it goes on.
    pub(super) fn next(&self, on: RoleOn) -> String {
        next::or(Some(&self.next), members_of(on))
    }
}

/// The tab with the members of an object.
pub(super) fn members_of(on: RoleOn) -> String {
    format!("/{}/{}#members", on.kind(), on.id())
}

/// The way to what is done with the roles on an object.
pub(super) fn crumbs(on: RoleOn, name: &str, what: impl Into<String>) -> Vec<Crumb> {
    vec![Crumb::new(name, members_of(on)), Crumb::here(what)]
}
