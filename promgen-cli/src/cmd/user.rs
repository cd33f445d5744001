//! `promgen createsuperuser` and `promgen changepassword`

use promgen_core::app::users;

use crate::args::{Args, CreateSuperuser};
use crate::error::CommandError;
use crate::input;
use crate::output::say;
use crate::session::{self, operator};

pub(super) async fn create(args: &Args, user: &CreateSuperuser) -> Result<(), CommandError> {
    let app = session::open(args).await?;
    let password = input::new_password(user.password_stdin)?;
    let made = users::create_superuser(
        &app,
        &operator(),
        &user.username,
        &user.email,
        Some(password),
    )
    .await?;
    say(&format!("Created superuser {}", made.username));
    app.close().await;
    Ok(())
}

pub(super) async fn change_password(
    args: &Args,
    username: &str,
    from_stdin: bool,
) -> Result<(), CommandError> {
    let app = session::open(args).await?;
    users::find(&app, &operator(), username).await?;
    let password = input::new_password(from_stdin)?;
    users::change_password(&app, &operator(), username, password).await?;
    say(&format!("Changed the password of {username}"));
    app.close().await;
    Ok(())
}
