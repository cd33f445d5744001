//! `promgen createsuperuser`

use std::io::{IsTerminal as _, Read as _};

use promgen_core::app::users;
use promgen_core::model::Secret;

use crate::args::{Args, CreateSuperuser};
use crate::error::CommandError;
use crate::output::say;
use crate::session::{self, operator};

pub(super) async fn run(args: &Args, user: &CreateSuperuser) -> Result<(), CommandError> {
    let app = session::open(args).await?;
    let password = password(user)?;
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

fn password(user: &CreateSuperuser) -> Result<Secret<String>, CommandError> {
    let failed = |error: std::io::Error| {
        CommandError::other(format!("the password cannot be read: {error}"), "try again")
    };
    if user.password_stdin {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(failed)?;
        let line = text.lines().next().unwrap_or_default();
        return Ok(Secret::new(line.to_owned()));
    }
    if !std::io::stdin().is_terminal() {
        let message = "there is no terminal to ask for a password on";
        return Err(CommandError::other(
            message,
            "pipe it in with --password-stdin",
        ));
    }
    let first = rpassword::prompt_password("Password: ").map_err(failed)?;
    let again = rpassword::prompt_password("Password (again): ").map_err(failed)?;
    if first != again {
        return Err(CommandError::other(
            "the two passwords differ",
            "type the same one twice",
        ));
    }
    Ok(Secret::new(first))
}
