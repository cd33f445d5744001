//! The roles of everybody.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::roles::{self, Assignment};
use promgen_core::model::{Grantee, Role, RoleOn};
use promgen_core::store::{GrantFilter, GrantKey};

use super::{any, crumbs};
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Frame, Viewer};
use crate::ui::members::{Choices, word};
use crate::ui::parts::{Choice, Empty, Headings, Odd, Pager, Sheet};
use crate::ui::text::Texts;

/// Roles on a page.
const SIZE: u64 = 50;

/// What a role can be on, with its word.
const KINDS: [(&str, &str); 2] = [
    ("service", "admin-roles-services"),
    ("project", "admin-roles-projects"),
];

/// The roles, the least first.
const ROLES: [Role; 3] = [Role::Viewer, Role::Editor, Role::Admin];

#[derive(Template)]
#[template(path = "admin/roles.html")]
struct RolesPage {
    frame: Frame,
    wanted: String,
    kinds: Choices,
    roles: Choices,
    rows: Vec<Row>,
    empty: Empty,
    headings: Headings,
    pager: Pager,
}

struct Row {
    holder: String,
    holder_link: String,
    /// Whether all members of a group have it.
    group: bool,
    object: String,
    object_link: String,
    kind: &'static str,
    role: &'static str,
}

/// `GET /admin/role`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let mut odd = Odd::default();
    let filter = GrantFilter {
        holder: sheet.filter("user"),
        kind: odd.one_of(&sheet, "on", KINDS.map(|(kind, _)| kind)),
        role: odd.parse(&sheet, "role"),
    };
    let (sort, slice) = (sheet.sort(), sheet.slice(SIZE));
    let listed = roles::overview(&server.app, viewer.actor(), &filter, sort, slice).await?;
    let listed = odd.narrow(listed);
    let empty = Empty::new(t.say("admin-roles-none"));
    viewer.show(&RolesPage {
        frame: viewer.frame(t.say("admin-roles"), crumbs(t, "admin-roles")),
        wanted: filter.holder.unwrap_or_default().to_owned(),
        kinds: kinds(&filter, t),
        roles: choices(&filter, t),
        empty: odd.empty(t, viewer.here(), empty),
        headings: Headings::new::<GrantKey>(viewer.here(), &sheet),
        pager: Pager::new(t, viewer.here(), &sheet, listed.count, SIZE),
        rows: listed.items.into_iter().map(row).collect(),
    })
}

fn kinds(filter: &GrantFilter<'_>, t: &Texts) -> Choices {
    let mut choices = vec![any("admin-roles-on", filter.kind.is_none(), t)];
    choices.extend(
        KINDS
            .iter()
            .map(|(kind, word)| Choice::new(*kind, t.say(word), filter.kind == Some(*kind))),
    );
    Choices::of(choices)
}

fn choices(filter: &GrantFilter<'_>, t: &Texts) -> Choices {
    let mut choices = vec![any("admin-role", filter.role.is_none(), t)];
    choices.extend(
        ROLES.map(|role| Choice::new(role.as_str(), t.say(word(role)), filter.role == Some(role))),
    );
    Choices::of(choices)
}

fn row(one: Assignment) -> Row {
    let (holder_link, group) = match one.to {
        Grantee::User(id) => (format!("/admin/user/{id}"), false),
        Grantee::Group(id) => (format!("/group/{id}"), true),
    };
    let (object_link, kind) = match one.on {
        RoleOn::Service(id) => (format!("/service/{id}#members"), "groups-service"),
        RoleOn::Project(id) => (format!("/project/{id}#members"), "groups-project"),
    };
    Row {
        holder: one.holder,
        holder_link,
        group,
        object: one.object,
        object_link,
        kind,
        role: word(one.role),
    }
}
