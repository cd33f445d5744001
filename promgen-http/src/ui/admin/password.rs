//! Giving somebody another password.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::{AppError, people, users};
use promgen_core::model::{Problem, Secret, User, UserId};

use super::{page_of, user_crumbs};
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Notice, Posted, Viewer};
use crate::ui::parts::{Field, FormPage, FormView, NONE};

/// `GET /admin/user/{id}/password`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let user = found(&server, &viewer, id).await?;
    show(&viewer, &user, &[])
}

/// `POST /admin/user/{id}/password`
pub(super) async fn set(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let user = found(&server, &viewer, id).await?;
    let password = Secret::new(form.text("password").to_owned());
    let app = &server.app;
    match users::change_password(app, viewer.actor(), &user.username, password).await {
        Ok(()) => {
            let text = viewer.t().name("admin-password-set", &user.username);
            Ok(viewer.back_to(page_of(&user), Notice::success(text)))
        }
        Err(error) => show(&viewer, &user, &error.problems()?),
    }
}

async fn found(server: &Server, viewer: &Viewer, id: i32) -> Result<User, AppError> {
    let view = people::account(&server.app, viewer.actor(), UserId(id), NONE).await?;
    Ok(view.account.user)
}

fn show(viewer: &Viewer, user: &User, problems: &[Problem]) -> Result<Response, HttpError> {
    let t = viewer.t();
    let title = t.name("admin-password-title", &user.username);
    let frame = viewer.frame(title, user_crumbs(t, user, "admin-password"));
    let field = Field::line("password", "password", t.say("admin-password-new"))
        .autocomplete("new-password")
        .required()
        .help(t.say("admin-password-ends"));
    let action = format!("{}/password", page_of(user));
    let form = FormView::new(&frame, action, t.say("admin-save"), vec![field])
        .problems(problems)
        .cancel(&frame, page_of(user));
    viewer.show(&FormPage::new(frame, form))
}
