//! Leaving, and taking the ways of other sites back.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use promgen_core::app::{AppError, login, losses, sessions};

use super::forgotten;
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Credential, Form, Visitor};
use crate::ui::frame::{Crumb, Notice, Posted, Viewer, redirect};
use crate::ui::losses::decided;
use crate::ui::parts::ConfirmPage;
use crate::ui::profile::backend_label;

/// `POST /logout/`: ends the session, here and in the database.
pub(super) async fn logout(
    State(server): State<Server>,
    credential: Credential,
    visitor: Visitor,
    form: Form,
) -> Result<Response, HttpError> {
    // Another site must not be able to throw somebody out.
    credential.actor_by(&server.app, form.token()).await?;
    if let Some(session) = credential.session() {
        sessions::end(&server.app, session).await?;
    }
    Ok((forgotten(&visitor), redirect("/")).into_response())
}

/// Where somebody's logins by other sites are.
const IDENTITIES: &str = "/profile#identities";

/// `GET /disconnect/{backend}/`: asks, and names the identities that go.
pub(super) async fn ask(
    State(server): State<Server>,
    Path(backend): Path<String>,
    viewer: Viewer,
) -> Result<Response, HttpError> {
    let mut linked = login::identities(&server.app, viewer.actor()).await?;
    linked.retain(|one| one.backend == backend);
    let Some(first) = linked.first() else {
        return Err(AppError::not_found("identity of", &backend).into());
    };
    let t = viewer.t();
    let site = backend_label(server.app.registry(), &first.backend, t);
    let title = t.name("profile-identity-end-title", site);
    let end = t.say("profile-identity-end");
    let crumbs = vec![
        Crumb::new(t.say("frame-profile"), IDENTITIES),
        Crumb::here(end.clone()),
    ];
    let named = linked
        .iter()
        .map(|one| format!("{}: {}", one.issuer, one.subject));
    let page = ConfirmPage::new(
        viewer.frame(title, crumbs),
        viewer.here().path.clone(),
        IDENTITIES,
        end,
        t.say("profile-identity-end-lead"),
    );
    let fate = losses::of_identity(&server.app, viewer.actor(), &backend).await?;
    let stays = t.say("profile-identity-stays");
    let page = decided(page.goes(named), fate, stays, server.app.registry(), t);
    viewer.show(&page)
}

/// `POST /disconnect/{backend}/`: unlinks the identities that a backend gave.
pub(super) async fn disconnect(
    State(server): State<Server>,
    Path(backend): Path<String>,
    Posted { viewer, .. }: Posted,
) -> Result<Response, HttpError> {
    let told = match login::disconnect(&server.app, viewer.actor(), &backend).await {
        Ok(()) => Notice::success(viewer.t().say("profile-identity-ended")),
        // It is the last way in.
        Err(error) => Notice::refused(error, viewer.t())?,
    };
    Ok(viewer.back_to(IDENTITIES, told))
}
