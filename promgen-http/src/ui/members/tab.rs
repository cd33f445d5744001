//! The tab of a service or project that shows who has roles on it.

use askama::Template;
use promgen_core::app::roles::{self, Members};
use promgen_core::app::{AppError, Listed};
use promgen_core::model::{Group, Role, RoleOn, User};
use promgen_core::store::{HolderKey, MemberKey};

use super::{Choices, choices, word};
use crate::Server;
use crate::ui::frame::Viewer;
use crate::ui::parts::{Badge, Headings, Pager, Sheet, Tone};
use crate::ui::text::Texts;

/// Users, and groups, on a page.
const SIZE: u64 = 50;

/// Who has roles on an object, and forms to change that. It stands in
/// `<section class="tab" id="members">`.
#[derive(Debug, Template)]
#[template(path = "members/tab.html")]
pub(crate) struct MembersTab {
    t: Texts,
    /// The form token.
    token: String,
    /// The page that it is on.
    here: String,
    /// `service` or `project`.
    model: &'static str,
    id: i32,
    may_manage: bool,
    owner: Badge,
    users: Vec<UserRow>,
    user_headings: Headings,
    user_pager: Pager,
    groups: Vec<GroupRow>,
    group_headings: Headings,
    group_pager: Pager,
}

#[derive(Debug)]
struct UserRow {
    user: User,
    owns: bool,
    role: &'static str,
    choices: Choices,
}

#[derive(Debug)]
struct GroupRow {
    group: Group,
    role: &'static str,
    choices: Choices,
}

impl MembersTab {
    /// The tab of an object that the viewer sees.
    pub(crate) async fn load(
        server: &Server,
        viewer: &Viewer,
        on: RoleOn,
        sheet: &Sheet,
    ) -> Result<Self, AppError> {
        let users = sheet.part("users", "members");
        let groups = sheet.part("groups", "members");
        let (app, actor) = (&server.app, viewer.actor());
        let of_users = users.sorted::<MemberKey>(SIZE);
        let of_groups = groups.sorted::<HolderKey>(SIZE);
        let members = roles::members(app, actor, on, of_users, of_groups).await?;
        Ok(Self::of(viewer, members, &users, &groups))
    }

    fn of(viewer: &Viewer, members: Members, users: &Sheet, groups: &Sheet) -> Self {
        let (t, on) = (viewer.t(), members.on);
        let pager = |sheet: &Sheet, count| Pager::new(t, viewer.here(), sheet, count, SIZE);
        let choices = |role: Role| Choices::of(choices(t, on, role));
        let user = |(user, role): (User, Role)| UserRow {
            owns: members.owner == Some(user.id),
            user,
            role: word(role),
            choices: choices(role),
        };
        let group = |(group, role): (Group, Role)| GroupRow {
            group,
            role: word(role),
            choices: choices(role),
        };
        let Listed { count, items } = members.users;
        Self {
            t: t.clone(),
            token: viewer.token().to_owned(),
            here: viewer.here().full(),
            model: on.kind(),
            id: on.id(),
            may_manage: members.may_manage,
            owner: Badge::new(Tone::Note, t.say("members-owner")).hint(t.say("members-owner-hint")),
            user_headings: Headings::new::<MemberKey>(viewer.here(), users),
            group_headings: Headings::new::<HolderKey>(viewer.here(), groups),
            user_pager: pager(users, count),
            users: items.into_iter().map(user).collect(),
            group_pager: pager(groups, members.groups.count),
            groups: members.groups.items.into_iter().map(group).collect(),
        }
    }
}

impl askama::filters::HtmlSafe for MembersTab {}
