//! What a program that serves prints when nobody can come in yet.

use std::net::SocketAddr;

use promgen_core::app::{App, AppError, setup};

use crate::Listener;

/// Makes the one-time link to the first superuser, and answers the line that tells of it; `None`
/// when a superuser can come in. A link that was made before is good for nothing from here on.
///
/// # Errors
/// What the database says.
pub async fn first_run(app: &App, listeners: &[Listener]) -> Result<Option<String>, AppError> {
    let Some(text) = setup::invite(app).await? else {
        return Ok(None);
    };
    let scheme = app.settings().scheme.as_str();
    let bound = listeners.iter().find_map(Listener::address);
    Ok(Some(line(scheme, bound, text.reveal())))
}

fn line(scheme: &str, bound: Option<SocketAddr>, text: &str) -> String {
    let Some(bound) = bound else {
        return format!(
            "nobody can log in yet: make the first superuser within 24 hours at /setup/{text}/ of \
             this Promgen"
        );
    };
    // An address that stands for all of the machine is nothing that a browser could open.
    let host = if bound.ip().is_unspecified() {
        format!("localhost:{}", bound.port())
    } else {
        bound.to_string()
    };
    format!(
        "nobody can log in yet: make the first superuser within 24 hours at \
         {scheme}://{host}/setup/{text}/"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_can_be_opened_on_this_machine() {
        for (bound, link) in [
            ("127.0.0.1:8000", "http://127.0.0.1:8000/setup/t/"),
            ("0.0.0.0:80", "http://localhost:80/setup/t/"),
            ("[::]:80", "http://localhost:80/setup/t/"),
            ("[::1]:80", "http://[::1]:80/setup/t/"),
        ] {
            let line = line("http", Some(bound.parse().unwrap()), "t");
            assert!(line.ends_with(link), "{line}");
        }
        assert!(line("http", None, "t").contains(" /setup/t/ of"));
    }
}
