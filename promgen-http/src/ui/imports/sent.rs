//! What somebody sends to be imported: a file, the address of one, or the text itself.

use promgen_core::app::import;
use promgen_core::app::{Actor, App, AppError};

use crate::extract::Form;

/// Longest text that is shown again in its box; whoever sent more chooses the file once more.
const LONGEST_SHOWN: usize = 256 * 1024;

/// The text to be imported: that of a file, else what an address leads to, else what was typed.
pub(super) async fn text(
    app: &App,
    actor: &Actor,
    form: &Form,
    typed: &str,
) -> Result<String, AppError> {
    if let Some(file) = filled(form, "file_field") {
        return Ok(file.to_owned());
    }
    if let Some(url) = filled(form, "url") {
        let fetched = import::fetch(app, actor, url.trim()).await;
        return fetched.map_err(about_url);
    }
    filled(form, typed).map(ToOwned::to_owned).ok_or_else(|| {
        let message = "there is neither text nor a file";
        AppError::invalid(typed, message, "paste it, or choose a file")
    })
}

fn filled<'f>(form: &'f Form, name: &str) -> Option<&'f str> {
    form.given(name).filter(|text| !text.trim().is_empty())
}

/// What goes wrong on the way to an address stands beside its field.
fn about_url(error: AppError) -> AppError {
    match error {
        AppError::Peer { message } => {
            let remedy = "check the address, or paste what it leads to";
            AppError::invalid("url", message, remedy)
        }
        AppError::Invalid { mut problems } => {
            for problem in &mut problems {
                "url".clone_into(&mut problem.field);
            }
            AppError::Invalid { problems }
        }
        other => other,
    }
}

/// What stands in the box of a form that is shown again.
pub(super) fn shown(text: &str) -> &str {
    if text.len() > LONGEST_SHOWN { "" } else { text }
}
