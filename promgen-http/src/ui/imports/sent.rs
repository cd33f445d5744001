//! What somebody sends to be imported: a file, the address of one, or the text itself.

use promgen_core::app::import;
use promgen_core::app::{Actor, App, AppError};
use promgen_core::model::Problem;

use crate::extract::Form;
use crate::ui::text::Texts;

/// Longest text of a file or an address that is put into the box; what somebody typed into it comes
/// back however long it is.
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
        AppError::Unfetched { message, .. } => {
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

/// What stands in a form after a look at what it would do, and what is said of it: the text that was
/// looked at, so that this is what is imported next.
pub(super) fn again(
    form: &Form,
    typed: &'static str,
    text: String,
    t: &Texts,
) -> (Vec<(String, String)>, Vec<Problem>) {
    let pair = |name: &str, value: String| vec![(name.to_owned(), value)];
    let file = filled(form, "file_field").is_some();
    match filled(form, "url") {
        _ if text.len() <= LONGEST_SHOWN => (pair(typed, text), Vec::new()),
        _ if file => {
            let message = t.say("imports-too-long").into_owned();
            let remedy = t.say("imports-too-long-next");
            let again = Problem::warning("file_field", message, remedy);
            (Vec::new(), vec![again])
        }
        Some(url) => (pair("url", url.to_owned()), Vec::new()),
        // It was in the box already.
        None => (pair(typed, text), Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_looked_at_can_be_imported_next() {
        let t = Texts::default();
        let long = "x".repeat(LONGEST_SHOWN + 1);
        let sent = |name: &str, value: &str| Form::of(vec![(name.to_owned(), value.to_owned())]);
        let kept = |form: &Form, text: &str| again(form, "config", text.to_owned(), &t);
        let text = |value: &str| vec![("config".to_owned(), value.to_owned())];
        let (url, file) = (sent("url", "http://a"), sent("file_field", &long));
        assert_eq!(kept(&url, "short"), (text("short"), vec![]));
        assert_eq!(kept(&url, &long).0, url.pairs());
        assert_eq!(kept(&sent("config", &long), &long), (text(&long), vec![]));
        let (none, said) = kept(&file, &long);
        assert!(none.is_empty() && said.len() == 1 && said[0].field == "file_field");
    }
}
