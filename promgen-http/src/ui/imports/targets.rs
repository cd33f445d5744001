//! `/import`: targets of another Promgen, or of any `file_sd`.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::import::{self, Mode, TargetsFor};
use promgen_core::app::{AppError, Right, Slice, shards};
use promgen_core::model::{Problem, Shard};

use super::page::ImportPage;
use super::{Report, landing, sent};
use crate::Server;
use crate::error::HttpError;
use crate::extract::Form;
use crate::ui::frame::{Crumb, Posted, Viewer};
use crate::ui::parts::{Choice, Field};

/// The field with the text.
const TEXT: &str = "config";

/// Most shards to choose from.
const SHARDS: Slice = Slice {
    offset: 0,
    limit: 500,
};

/// `GET /import`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
) -> Result<Response, HttpError> {
    viewer
        .actor()
        .require(Right::Change, server.app.settings())?;
    let shards = shards::list(&server.app, viewer.actor(), None, SHARDS).await?;
    show(&viewer, &shards.items, &Form::default(), &[], None)
}

/// `POST /import`
pub(super) async fn import(
    State(server): State<Server>,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    viewer
        .actor()
        .require(Right::Change, server.app.settings())?;
    let (app, actor) = (&server.app, viewer.actor());
    let shards = shards::list(app, actor, None, SHARDS).await?.items;
    let preview = form.flag("preview");
    let mode = if preview { Mode::DryRun } else { Mode::Import };
    let to = TargetsFor {
        shard: form
            .given("shard")
            .filter(|name| !name.is_empty())
            .map(ToOwned::to_owned),
        owner: actor.user().map(|user| user.username.clone()),
    };
    let imported = async {
        let text = sent::text(app, actor, &form, TEXT).await?;
        let report = import::targets(app, actor, &text, &to, mode).await?;
        Ok::<_, AppError>((text, report))
    };
    match imported.await {
        Ok((text, report)) if preview => {
            let report = Report::preview(viewer.t(), &report);
            let (mut pairs, said) = sent::again(&form, TEXT, text, viewer.t());
            pairs.push(("shard".to_owned(), form.text("shard").to_owned()));
            show(&viewer, &shards, &Form::of(pairs), &said, Some(report))
        }
        Ok((_, report)) => {
            let notices = Report::notices(viewer.t(), &report);
            let landing = landing::of(app, actor, &report).await?;
            Ok(viewer.back_with(landing, &notices))
        }
        Err(error) => show(&viewer, &shards, &form, &error.problems()?, None),
    }
}

fn show(
    viewer: &Viewer,
    shards: &[Shard],
    form: &Form,
    problems: &[Problem],
    report: Option<Report>,
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let title = t.say("imports-targets");
    let chosen = form.text("shard");
    let mut choices = vec![Choice::new(
        "",
        t.say("imports-shard-default"),
        chosen.is_empty(),
    )];
    choices.extend(shards.iter().map(|shard| {
        let label = t.name("imports-shard-into", &shard.name);
        Choice::new(shard.name.to_string(), label, chosen == shard.name.as_str())
    }));
    let page = ImportPage {
        frame: viewer.frame(title.clone(), vec![Crumb::here(title)]),
        action: "/import",
        intro: t.say("imports-targets-intro"),
        fields: vec![
            Field::code(TEXT, t.say("imports-text"), 16).value(form.text(TEXT)),
            Field::line("url", "url", t.say("imports-url"))
                .value(form.text("url"))
                .help(t.say("imports-url-help")),
            Field::file("file_field", t.say("imports-file")),
            Field::select("shard", t.say("imports-shard"), choices),
        ],
        remarks: Vec::new(),
        report,
        other: (t.say("imports-rules"), "/import/rules"),
    };
    viewer.show(&page.problems(TEXT, problems))
}
