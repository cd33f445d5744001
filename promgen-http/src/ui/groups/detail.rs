//! One group: who is in it, and what it has roles on.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::groups;
use promgen_core::app::roles::Resource;
use promgen_core::model::{Group, GroupId, GroupRole, RoleOn, User};
use promgen_core::store::{MemberKey, ResourceKey};

use super::{choices, word};
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::members::Choices;
use crate::ui::parts::{Empty, Headings, Pager, Sheet};

/// Members, and objects, on a page.
const SIZE: u64 = 50;

#[derive(Template)]
#[template(path = "groups/detail.html")]
struct Detail {
    frame: Frame,
    group: Group,
    /// Whether whoever looks may change it.
    manages: bool,
    member_count: u64,
    members: Vec<MemberRow>,
    no_members: Empty,
    member_headings: Headings,
    member_pager: Pager,
    resource_count: u64,
    resources: Vec<ResourceRow>,
    no_resources: Empty,
    resource_headings: Headings,
    resource_pager: Pager,
}

/// A member.
struct MemberRow {
    user: User,
    role: &'static str,
    choices: Choices,
}

/// An object on which the group has a role.
struct ResourceRow {
    name: String,
    link: String,
    kind: &'static str,
    role: &'static str,
}

impl From<Resource> for ResourceRow {
    fn from(resource: Resource) -> Self {
        let (kind, link) = match resource.on {
            RoleOn::Service(id) => ("groups-service", format!("/service/{id}")),
            RoleOn::Project(id) => ("groups-project", format!("/project/{id}")),
        };
        Self {
            name: resource.name,
            link,
            kind,
            role: crate::ui::members::word(resource.role),
        }
    }
}

/// `GET /group/{id}`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let (app, actor, t, id) = (&server.app, viewer.actor(), viewer.t(), GroupId(id));
    let (group, own) = groups::view(app, actor, id).await?;
    let user_sheet = sheet.part("users", "members");
    let part = user_sheet.sorted::<MemberKey>(SIZE);
    let members = groups::members(app, actor, id, None, part).await?;
    let sheet = sheet.part("resources", "resources");
    let part = sheet.sorted::<ResourceKey>(SIZE);
    let resources = groups::resources(app, actor, id, part).await?;
    let pager = |sheet: &Sheet, count| Pager::new(t, viewer.here(), sheet, count, SIZE);
    let row = |(user, role): (User, GroupRole)| MemberRow {
        choices: Choices::of(choices(t, role)),
        role: word(role),
        user,
    };
    let crumbs = vec![super::crumb(t), Crumb::here(&group.name)];
    viewer.show(&Detail {
        frame: viewer.frame(&group.name, crumbs),
        manages: own == GroupRole::Admin,
        member_headings: Headings::new::<MemberKey>(viewer.here(), &user_sheet),
        resource_headings: Headings::new::<ResourceKey>(viewer.here(), &sheet),
        member_count: members.count,
        member_pager: pager(&user_sheet, members.count),
        members: members.items.into_iter().map(row).collect(),
        no_members: Empty::new(t.say("groups-no-members")),
        resource_count: resources.count,
        resource_pager: pager(&sheet, resources.count),
        resources: resources.items.into_iter().map(ResourceRow::from).collect(),
        no_resources: Empty::new(t.say("groups-no-resources")),
        group,
    })
}
