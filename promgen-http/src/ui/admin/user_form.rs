//! Making a user, and changing what is known of one.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::{AppError, people};
use promgen_core::model::{Problem, Secret, User, UserId};

use super::fields::Sent;
use super::link::hand_out;
use super::{admit, crumb, page_of, user_crumbs};
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::parts::{Field, FormPage, FormView, NONE};

/// `GET /admin/user/new`
pub(super) async fn new(
    State(server): State<Server>,
    viewer: Viewer,
) -> Result<Response, HttpError> {
    admit(&server, &viewer)?;
    ask(&viewer, &Sent::default(), &[])
}

/// `POST /admin/user/new`
pub(super) async fn create(
    State(server): State<Server>,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let (app, actor) = (&server.app, viewer.actor());
    admit(&server, &viewer)?;
    let sent = Sent::read(&form);
    let password = form.text("password");
    let made = if password.is_empty() {
        people::create(app, actor, sent.new_user()).await
    } else {
        let password = Secret::new(password.to_owned());
        people::create_with_password(app, actor, sent.new_user(), password).await
    };
    match made {
        Ok(user) if form.flag("link") => hand_out(&server, &viewer, user.id).await,
        Ok(user) => {
            let text = viewer.t().name("admin-user-made", &user.username);
            Ok(viewer.back_to(page_of(&user), Notice::success(text)))
        }
        Err(error) => ask(&viewer, &sent, &error.problems()?),
    }
}

fn ask(viewer: &Viewer, sent: &Sent, problems: &[Problem]) -> Result<Response, HttpError> {
    let t = viewer.t();
    let crumbs = vec![
        crumb(t),
        Crumb::new(t.say("admin-users"), "/admin/user"),
        Crumb::here(t.say("admin-user-new")),
    ];
    let frame = viewer.frame(t.say("admin-user-new"), crumbs);
    let mut fields = vec![sent.name_field(t)];
    fields.extend(sent.fields(t));
    fields.push(
        Field::line("password", "password", t.say("admin-password"))
            .autocomplete("new-password")
            .help(t.say("admin-password-help")),
    );
    fields.push(Field::tick("link", t.say("admin-link-make"), false));
    let form = FormView::new(&frame, "/admin/user/new", t.say("admin-user-new"), fields)
        .problems(problems)
        .cancel(&frame, "/admin/user");
    viewer.show(&FormPage::new(frame, form))
}

/// `GET /admin/user/{id}/update`
pub(super) async fn edit(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let user = found(&server, &viewer, id).await?;
    change(&viewer, &user, &Sent::of(&user), &[])
}

/// `POST /admin/user/{id}/update`
pub(super) async fn update(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let sent = Sent::read(&form);
    match people::update(&server.app, viewer.actor(), UserId(id), sent.change()).await {
        Ok(user) => {
            let text = viewer.t().name("admin-user-saved", &user.username);
            Ok(viewer.back_to(page_of(&user), Notice::success(text)))
        }
        Err(error) => {
            let problems = error.problems()?;
            let user = found(&server, &viewer, id).await?;
            change(&viewer, &user, &sent, &problems)
        }
    }
}

async fn found(server: &Server, viewer: &Viewer, id: i32) -> Result<User, AppError> {
    let view = people::account(&server.app, viewer.actor(), UserId(id), NONE).await?;
    Ok(view.account.user)
}

fn change(
    viewer: &Viewer,
    user: &User,
    sent: &Sent,
    problems: &[Problem],
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let title = t.name("admin-edit-title", &user.username);
    let frame = viewer.frame(title, user_crumbs(t, user, "admin-edit"));
    let mut fields = sent.fields(t);
    fields.push(sent.active_field(t));
    let action = format!("{}/update", page_of(user));
    let form = FormView::new(&frame, action, t.say("admin-save"), fields)
        .problems(problems)
        .cancel(&frame, page_of(user));
    viewer.show(&FormPage::new(frame, form))
}
