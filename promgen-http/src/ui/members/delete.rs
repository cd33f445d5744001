//! `/permission/delete`: taking a role, after asking.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::losses;
use promgen_core::app::roles::{self, Below, Revoked};
use promgen_core::model::{Name, RoleOn};

use super::object::{Kind, Named, crumbs};
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Notice, Posted, Viewer};
use crate::ui::losses::decided;
use crate::ui::parts::{ConfirmPage, Field, Sheet};
use crate::ui::text::Texts;

/// The box that takes roles on the projects of a service too.
const BELOW: &str = "remove_sub_permissions";

/// `GET /permission/delete?model=…&id=…&perm-type=…&username=…`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let named = Named::read(|name| sheet.filter(name));
    let on = named.on()?;
    let object = roles::find_to_manage(&server.app, viewer.actor(), on).await?;
    let title = t.name("members-delete-title", named.holder());
    let mut confirm = ConfirmPage::new(
        viewer.frame(title, crumbs(on, &object, t.say("members-delete"))),
        "/permission/delete",
        named.next(on),
        t.say("members-delete"),
        t.name("members-delete-text", &object),
    );
    if let RoleOn::Service(_) = on {
        let below = Field::tick(BELOW, t.say("members-below"), true);
        confirm
            .form
            .fields
            .push(below.help(t.say("members-below-help")));
    }
    confirm.form.fields.extend([
        Field::hidden("model", on.kind()),
        Field::hidden("id", on.id().to_string()),
        Field::hidden(
            "perm-type",
            if named.kind() == Kind::User {
                "user"
            } else {
                "group"
            },
        ),
        Field::hidden(
            "username",
            named.usernames.first().map_or("", String::as_str),
        ),
        Field::hidden("group", &named.group),
        Field::hidden("next", &named.next),
    ]);
    let from = named.grantee(&server, &viewer).await?;
    let fate = losses::of_role(&server.app, viewer.actor(), on, from).await?;
    let stays = t.say("members-delete-stays");
    viewer.show(&decided(confirm, fate, stays, server.app.registry(), t))
}

/// `POST /permission/delete`
pub(super) async fn delete(
    State(server): State<Server>,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let (app, actor, t) = (&server.app, viewer.actor(), viewer.t());
    let named = Named::read(|name| form.given(name));
    let on = named.on()?;
    roles::find_to_manage(app, actor, on).await?;
    let below = if form.flag(BELOW) {
        Below::Taken
    } else {
        Below::Kept
    };
    let revoked = async {
        let from = named.grantee(&server, &viewer).await?;
        roles::revoke(app, actor, on, from, below).await
    };
    match revoked.await {
        Ok(revoked) => {
            // Whoever lost their own access has nothing to see there.
            let to = if revoked.shut_out {
                "/".to_owned()
            } else {
                named.next(on)
            };
            Ok(viewer.back_with(to, &told(t, named.holder(), &revoked)))
        }
        Err(error) => Ok(viewer.back_to(named.next(on), Notice::refused(error, viewer.t())?)),
    }
}

/// What is said afterwards.
fn told(t: &Texts, holder: &str, revoked: &Revoked) -> Vec<Notice> {
    let mut notices = vec![Notice::success(t.name("members-deleted", holder))];
    if !revoked.transferred.is_empty() {
        let names: Vec<&str> = revoked.transferred.iter().map(Name::as_str).collect();
        notices.push(Notice::warning(
            t.name("members-transferred", names.join(", ")),
        ));
    }
    notices
}
