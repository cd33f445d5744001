//! `promgen users`

use promgen_core::app::{people, users};
use promgen_core::model::User;

use crate::args::{Args, UsersCommand};
use crate::error::CommandError;
use crate::output::{self, say};
use crate::session::{self, operator};

pub(super) async fn run(args: &Args, command: &UsersCommand) -> Result<(), CommandError> {
    let app = session::open(args).await?;
    match command {
        UsersCommand::List { format } => {
            let all = users::list(&app, &operator()).await?;
            output::result(*format, &all, || {
                output::table(
                    &["USER", "ADDRESS", "SUPERUSER", "ACTIVE"],
                    &all.iter().map(row).collect::<Vec<_>>(),
                )
            })?;
        }
        UsersCommand::Disable { username } => {
            users::set_active(&app, &operator(), username, false).await?;
            say(&format!("{username} is shut out; their logins have ended"));
        }
        UsersCommand::Enable { username } => {
            users::set_active(&app, &operator(), username, true).await?;
            say(&format!("{username} may come in"));
        }
        UsersCommand::Merge { from, into } => {
            let old = users::find(&app, &operator(), from).await?;
            let kept = users::find(&app, &operator(), into).await?;
            people::merge(&app, &operator(), old.id, kept.id).await?;
            say(&format!("Merged user {from} into {into}"));
        }
    }
    app.close().await;
    Ok(())
}

fn row(user: &User) -> Vec<String> {
    let word = |flag: bool| if flag { "yes" } else { "no" }.to_owned();
    vec![
        user.username.clone(),
        user.email.clone(),
        word(user.superuser),
        word(user.active),
    ]
}
