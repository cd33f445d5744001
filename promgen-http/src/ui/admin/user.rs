//! One user: how they log in, and what they have.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::people::{self, Account, AccountView};
use promgen_core::app::roles::Resource;
use promgen_core::model::{LinkedIdentity, RoleOn, Session, Timestamp, UserId};
use promgen_core::store::ResourceKey;

use super::users::badges;
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::parts::{Badge, Headings, Moment, Pager, Sheet};
use crate::ui::profile::TokenTable;
use crate::ui::text::Texts;

/// Roles on a page.
const SIZE: u64 = 50;

#[derive(Template)]
#[template(path = "admin/user.html")]
struct UserPage {
    frame: Frame,
    account: Account,
    badges: Vec<Badge>,
    created: Moment,
    last_login: Option<Moment>,
    /// Whether it is whoever looks: nobody shuts themselves out.
    own: bool,
    groups: Vec<GroupRow>,
    role_count: u64,
    roles: Vec<RoleRow>,
    role_headings: Headings,
    pager: Pager,
    sessions: Vec<SessionRow>,
    tokens: TokenTable,
    identities: Vec<IdentityRow>,
}

struct GroupRow {
    name: String,
    link: String,
    role: &'static str,
}

struct RoleRow {
    name: String,
    link: String,
    role: &'static str,
}

struct SessionRow {
    session: Session,
    since: Moment,
    seen: Moment,
}

struct IdentityRow {
    identity: LinkedIdentity,
    seen: Moment,
}

/// `GET /admin/user/{id}`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let sheet = sheet.part("page", "roles");
    let part = sheet.sorted::<ResourceKey>(SIZE);
    let view = people::account(&server.app, viewer.actor(), UserId(id), part).await?;
    viewer.show(&page(&viewer, &sheet, view, server.app.now()))
}

fn page(viewer: &Viewer, sheet: &Sheet, view: AccountView, now: Timestamp) -> UserPage {
    let t = viewer.t();
    let here = viewer.here().full();
    let user = &view.account.user;
    let crumbs = vec![
        super::crumb(t),
        Crumb::new(t.say("admin-users"), "/admin/user"),
        Crumb::here(&user.username),
    ];
    let group = |(group, role): &(promgen_core::model::Group, _)| GroupRow {
        name: group.name.clone(),
        link: format!("/group/{}", group.id),
        role: crate::ui::groups::word(*role),
    };
    UserPage {
        frame: viewer.frame(&user.username, crumbs),
        badges: badges(&view.account, t),
        created: Moment::new(user.created, t),
        last_login: view.account.last_login.map(|at| Moment::new(at, t)),
        own: viewer.actor().user().is_some_and(|own| own.id == user.id),
        groups: view.groups.iter().map(group).collect(),
        pager: Pager::new(t, viewer.here(), sheet, view.roles.count, SIZE),
        role_headings: Headings::new::<ResourceKey>(viewer.here(), sheet),
        role_count: view.roles.count,
        roles: view.roles.items.into_iter().map(role).collect(),
        sessions: view
            .sessions
            .into_iter()
            .map(|one| session(one, t))
            .collect(),
        tokens: TokenTable::of_user(view.tokens, &user.username, &here, now, t),
        identities: view
            .identities
            .into_iter()
            .map(|one| identity(one, t))
            .collect(),
        account: view.account.clone(),
    }
}

fn role(resource: Resource) -> RoleRow {
    RoleRow {
        link: match resource.on {
            RoleOn::Service(id) => format!("/service/{id}"),
            RoleOn::Project(id) => format!("/project/{id}"),
        },
        name: resource.name,
        role: crate::ui::members::word(resource.role),
    }
}

fn session(session: Session, t: &Texts) -> SessionRow {
    SessionRow {
        since: Moment::new(session.created, t),
        seen: Moment::new(session.last_seen, t),
        session,
    }
}

fn identity(identity: LinkedIdentity, t: &Texts) -> IdentityRow {
    IdentityRow {
        seen: Moment::new(identity.last_login, t),
        identity,
    }
}
