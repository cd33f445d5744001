//! The passwords that Promgen keeps itself.

use crate::app::passwords::{self, Checked};
use crate::app::{App, AppError};
use crate::model::{Secret, User};

/// The user of that name, when the password is theirs. An unknown user costs as much time as a
/// wrong password.
pub(super) async fn check(
    app: &App,
    username: &str,
    password: &Secret<String>,
) -> Result<Option<User>, AppError> {
    let tx = app.store().read_tx().await?;
    let user = tx.find_user(username).await?;
    let stored = match &user {
        Some(user) => tx.find_password(user.id).await?,
        None => None,
    };
    drop(tx);
    let checked = passwords::check(stored.clone(), password.clone()).await?;
    let (Some(user), Some(stored)) = (user, stored) else {
        return Ok(None);
    };
    if checked == Checked::RightButOld {
        upgrade(app, &user, &stored, password).await;
    }
    Ok((checked != Checked::Wrong).then_some(user))
}

/// Replaces an old kind of hash. When that fails, the login goes on all the same.
async fn upgrade(app: &App, user: &User, stored: &str, password: &Secret<String>) {
    let replaced = async {
        let hash = passwords::hash(password.clone()).await?;
        let tx = app.store().write_tx().await?;
        // Somebody may have changed the password meanwhile.
        if tx.find_password(user.id).await?.as_deref() == Some(stored) {
            tx.set_password(user.id, Some(&hash)).await?;
            tx.commit().await?;
        }
        Ok::<_, AppError>(())
    };
    let username = &user.username;
    match replaced.await {
        Ok(()) => tracing::info!(username, "password hash replaced"),
        Err(error) => tracing::warn!(%error, username, "password hash not replaced"),
    }
}
