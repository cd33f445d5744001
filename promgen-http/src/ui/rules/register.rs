//! Registering a rule, or importing a rule file, for the site, a service or a project.
//!
//! One post takes both, as the original does: where the form has a rule, that is saved; else the box
//! beside it is imported.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::AppError;
use promgen_core::app::import::{self, Mode};
use promgen_core::app::rules::{self, OwnedRules, OwnerName};
use promgen_core::model::{
    Name, Problem, ProjectId, PromDuration, Rule, RuleId, RuleKind, RuleOwner, ServiceId,
};

use super::form::{self, RuleForm};
use super::outcome::{self, Outcome};
use super::{crumbs, full_name, rules_of};
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Form, Id};
use crate::ui::frame::{Crumb, Frame, Notice, Posted, Viewer};
use crate::ui::imports::Report;
use crate::ui::parts::{Field, NONE};

/// What stands in the box of a rule file to begin with.
const EXAMPLE: &str =
    "groups:\n- name: example\n  rules:\n  - alert: Down\n    expr: up == 0\n    for: 5m\n";

#[derive(Template)]
#[template(path = "rules/register.html")]
struct Register {
    frame: Frame,
    action: String,
    form: RuleForm,
    file: Field,
    beside: Beside,
}

/// What comes with the forms.
#[derive(Default)]
struct Beside {
    /// What came of trying out what is typed.
    outcome: Option<Outcome>,
    /// What an import would do.
    report: Option<Report>,
}

/// `GET /site/{id}/rule`
pub(super) async fn of_site(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    ask(&server, &viewer, site(id)?).await
}

/// `POST /site/{id}/rule`
pub(super) async fn to_site(
    State(server): State<Server>,
    Id(id): Id,
    posted: Posted,
) -> Result<Response, HttpError> {
    save(&server, posted, site(id)?).await
}

/// `GET /service/{id}/rule`
pub(super) async fn of_service(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    ask(&server, &viewer, RuleOwner::Service(ServiceId(id))).await
}

/// `POST /service/{id}/rule`
pub(super) async fn to_service(
    State(server): State<Server>,
    Id(id): Id,
    posted: Posted,
) -> Result<Response, HttpError> {
    save(&server, posted, RuleOwner::Service(ServiceId(id))).await
}

/// `GET /project/{id}/rule`
pub(super) async fn of_project(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    ask(&server, &viewer, RuleOwner::Project(ProjectId(id))).await
}

/// `POST /project/{id}/rule`
pub(super) async fn to_project(
    State(server): State<Server>,
    Id(id): Id,
    posted: Posted,
) -> Result<Response, HttpError> {
    save(&server, posted, RuleOwner::Project(ProjectId(id))).await
}

/// There is one site.
fn site(id: i32) -> Result<RuleOwner, AppError> {
    if id == RuleOwner::Site.id() {
        Ok(RuleOwner::Site)
    } else {
        Err(AppError::not_found("site", &id))
    }
}

async fn ask(server: &Server, viewer: &Viewer, owner: RuleOwner) -> Result<Response, HttpError> {
    let owner = writable(server, viewer, owner).await?;
    show(viewer, &owner, &Form::default(), &[], Beside::default())
}

/// The owner, for whoever may write its rules.
async fn writable(
    server: &Server,
    viewer: &Viewer,
    owner: RuleOwner,
) -> Result<OwnerName, AppError> {
    let OwnedRules {
        owner, may_edit, ..
    } = rules::owned(&server.app, viewer.actor(), owner, NONE).await?;
    if may_edit {
        return Ok(owner);
    }
    let need = match owner.owner {
        RuleOwner::Site => "to be a superuser",
        RuleOwner::Service(_) | RuleOwner::Project(_) => "the role editor",
    };
    Err(AppError::Forbidden {
        need: need.to_owned(),
    })
}

/// The form as it was sent, below what came of trying it out.
pub(super) async fn again(
    server: &Server,
    viewer: &Viewer,
    owner: RuleOwner,
    sent: &Form,
    outcome: Outcome,
) -> Result<Response, HttpError> {
    match writable(server, viewer, owner).await {
        Ok(named) => {
            let beside = Beside {
                outcome: Some(outcome),
                ..Beside::default()
            };
            show(viewer, &named, sent, &[], beside)
        }
        // Whoever sees an owner may try clauses, and save nothing.
        Err(AppError::Forbidden { .. }) => outcome::alone(viewer, outcome),
        Err(error) => Err(error.into()),
    }
}

async fn save(
    server: &Server,
    Posted { viewer, form }: Posted,
    owner: RuleOwner,
) -> Result<Response, HttpError> {
    let named = writable(server, &viewer, owner).await?;
    if form.flag("more") {
        return show(&viewer, &named, &form, &[], Beside::default());
    }
    let has_file = !form.text("rules").trim().is_empty();
    let has_rule = !form.text("name").trim().is_empty() || !form.text("clause").trim().is_empty();
    // The box beside the form sends nothing of a rule.
    let of_file = form.given("rules").is_some() && form.given("clause").is_none();
    if of_file && !has_file {
        let message = "holds nothing";
        let remedy = "paste a rule or a rule file";
        let problem = Problem::error("rules", message, remedy);
        return show(&viewer, &named, &form, &[problem], Beside::default());
    }
    if has_rule || !has_file {
        let (fields, mut problems) = form::read(&form);
        if problems.is_empty() {
            match rules::create(&server.app, viewer.actor(), owner, &fields).await {
                Ok(made) => {
                    let text = viewer.t().name("rules-registered", &made.rule.name);
                    let mut notices = vec![Notice::success(text)];
                    notices.extend(Notice::warnings(&made.warnings, viewer.t()));
                    return Ok(viewer.back_with(format!("/rule/{}", made.rule.id), &notices));
                }
                Err(error) => problems = error.problems()?,
            }
        }
        if !has_file {
            return show(&viewer, &named, &form, &problems, Beside::default());
        }
    }
    import(server, &viewer, &named, &form).await
}

async fn import(
    server: &Server,
    viewer: &Viewer,
    owner: &OwnerName,
    form: &Form,
) -> Result<Response, HttpError> {
    let preview = form.flag("preview");
    let mode = if preview { Mode::DryRun } else { Mode::Import };
    let text = form.text("rules");
    match import::rules_into(&server.app, viewer.actor(), text, owner.owner, mode).await {
        Ok(report) if preview => {
            let beside = Beside {
                report: Some(Report::preview(viewer.t(), &report)),
                ..Beside::default()
            };
            show(viewer, owner, form, &[], beside)
        }
        Ok(report) => {
            let notices = Report::notices(viewer.t(), &report);
            Ok(viewer.back_with(rules_of(owner.owner), &notices))
        }
        Err(error) => {
            let problems = error.problems()?;
            let problems: Vec<Problem> = problems.into_iter().map(in_file).collect();
            show(viewer, owner, form, &problems, Beside::default())
        }
    }
}

/// A problem of a rule file, beside the box that the file was pasted into.
fn in_file(problem: Problem) -> Problem {
    let message = if problem.field.is_empty() || problem.field == "rules" {
        problem.message
    } else {
        format!("{}: {}", problem.field, problem.message)
    };
    Problem {
        field: "rules".to_owned(),
        message,
        ..problem
    }
}

fn show(
    viewer: &Viewer,
    owner: &OwnerName,
    sent: &Form,
    problems: &[Problem],
    beside: Beside,
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let mut way = crumbs(t, owner);
    way.push(Crumb::here(t.say("rules-register")));
    let title = t.name("rules-register-title", full_name(owner));
    let frame = viewer.frame(title, way);
    let action = format!("/{}/{}/rule", owner.owner.kind(), owner.owner.id());
    let rule = blank(owner.owner);
    let (of_file, of_rule): (Vec<Problem>, Vec<Problem>) = problems
        .iter()
        .cloned()
        .partition(|problem| problem.field == "rules");
    let mut form = RuleForm::of(&frame, action.clone(), &rule, rules_of(owner.owner))
        .example(form::example(&labels_of(owner)));
    if sent.given("clause").is_some() {
        form = form.sent(sent);
    }
    let file = Field::code("rules", t.say("rules-file"), 12)
        .value(sent.text("rules"))
        .required()
        .placeholder(EXAMPLE)
        .help(t.say("rules-file-help"))
        .problems(&of_file, t);
    viewer.show(&Register {
        form: form.problems(&of_rule),
        action,
        file,
        beside,
        frame,
    })
}

/// What stands in the form to begin with.
fn blank(owner: RuleOwner) -> Rule {
    Rule {
        id: RuleId(0),
        name: Name::stored(""),
        kind: RuleKind::Alert,
        clause: String::new(),
        duration: PromDuration::stored("5m"),
        keep_firing_for: None,
        enabled: true,
        parent: None,
        owner,
        description: String::new(),
        labels: BTreeMap::new(),
        annotations: BTreeMap::new(),
    }
}

/// The labels that everything of an owner bears.
fn labels_of(owner: &OwnerName) -> BTreeMap<String, String> {
    match owner.owner {
        RuleOwner::Site => BTreeMap::new(),
        other => BTreeMap::from([(other.kind().to_owned(), owner.name.clone())]),
    }
}
