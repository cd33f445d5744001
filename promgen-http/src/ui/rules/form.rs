//! The form of a rule: shown, filled in, read.

use std::collections::BTreeMap;

use askama::Template;
use promgen_core::app::rules::RuleChange;
use promgen_core::model::{Problem, Rule, RuleKind, RuleOwner};

use super::labels::{self, Pairs};
use super::trial;
use crate::extract::Form;
use crate::ui::frame::Frame;
use crate::ui::parts::{Choice, Field, Remark, remarks};
use crate::ui::text::Texts;

/// Longest name; see `model::Name`.
const LONGEST_NAME: u32 = 128;

/// Durations that are often wanted.
const DURATIONS: [&str; 5] = ["30s", "1m", "5m", "10m", "1h"];

/// The form of a rule.
#[derive(Debug, Clone, Template)]
#[template(path = "rules/form.html")]
pub(super) struct RuleForm {
    t: Texts,
    token: String,
    /// Where it is posted to.
    action: String,
    /// Id of the rule; 0 of one to be.
    id: i32,
    /// What it belongs to, for trying it out.
    owner: RuleOwner,
    name: Field,
    kind: Field,
    clause: Field,
    duration: Field,
    keep: Field,
    enabled: Field,
    description: Field,
    labels: Pairs,
    annotations: Pairs,
    /// What is wrong and belongs to no field.
    remarks: Vec<Remark>,
    /// Where "no" leads.
    back: String,
    /// A clause to begin with.
    example: String,
}

impl askama::filters::HtmlSafe for RuleForm {}

impl RuleForm {
    /// A form with a rule in it, and where to leave it.
    pub(super) fn of(frame: &Frame, action: String, rule: &Rule, back: String) -> Self {
        let t = &frame.t;
        let kind = |value: &str, label, kind| Choice::new(value, label, rule.kind == kind);
        let keep = rule.keep_firing_for.as_ref().map(ToString::to_string);
        Self {
            token: frame.token.clone(),
            action,
            id: rule.id.0,
            owner: rule.owner,
            name: Field::text("name", t.say("rules-name"))
                .value(rule.name.to_string())
                .required()
                .longest(LONGEST_NAME),
            kind: Field::select(
                "kind",
                t.say("rules-kind"),
                vec![
                    kind("alert", t.say("rules-kind-alert"), RuleKind::Alert),
                    kind("record", t.say("rules-kind-record"), RuleKind::Record),
                ],
            ),
            clause: Field::code("clause", t.say("rules-clause"), 4)
                .value(rule.clause.clone())
                .required()
                .help(t.say("rules-clause-help")),
            duration: Field::text("duration", t.say("rules-duration"))
                .value(rule.duration.to_string())
                .list("durations")
                .help(t.say("rules-duration-help")),
            keep: Field::text("keep_firing_for", t.say("rules-keep"))
                .value(keep.unwrap_or_default())
                .list("durations")
                .help(t.say("rules-keep-help")),
            enabled: Field::tick("enabled", t.say("rules-enabled"), rule.enabled),
            description: Field::area("description", t.say("rules-description"), 2)
                .value(rule.description.clone()),
            labels: Pairs::labels(t, &rule.labels),
            annotations: Pairs::annotations(t, &rule.annotations),
            remarks: Vec::new(),
            back,
            example: String::new(),
            t: t.clone(),
        }
    }

    /// With an example of a clause.
    #[must_use]
    pub(super) fn example(mut self, example: String) -> Self {
        self.example = example;
        self
    }

    /// With what was sent instead, as it was typed.
    #[must_use]
    pub(super) fn sent(mut self, form: &Form) -> Self {
        let value = |field: Field| {
            let sent = form.given(&field.name).map(ToOwned::to_owned);
            match sent {
                Some(sent) => field.value(sent),
                None => field,
            }
        };
        self.name = value(self.name);
        self.clause = value(self.clause);
        self.duration = value(self.duration);
        self.keep = value(self.keep);
        self.description = value(self.description);
        self.enabled = Field::tick("enabled", self.t.say("rules-enabled"), form.flag("enabled"));
        self.kind = self.kind.choose(form.text("kind"));
        self.labels = self.labels.sent(form);
        self.annotations = self.annotations.sent(form);
        self
    }

    /// With what is wrong: each problem beside its field, and the rest above.
    #[must_use]
    pub(super) fn problems(mut self, problems: &[Problem]) -> Self {
        let others = problems.iter().filter(|problem| {
            let fields = [
                &self.name,
                &self.kind,
                &self.clause,
                &self.duration,
                &self.keep,
                &self.enabled,
                &self.description,
            ];
            let field = fields.iter().any(|field| field.owns(problem));
            !field && !self.labels.owns(problem) && !self.annotations.owns(problem)
        });
        self.remarks = remarks(others, &self.t);
        self.name = self.name.problems(problems, &self.t);
        self.kind = self.kind.problems(problems, &self.t);
        self.clause = self.clause.problems(problems, &self.t);
        self.duration = self.duration.problems(problems, &self.t);
        self.keep = self.keep.problems(problems, &self.t);
        self.enabled = self.enabled.problems(problems, &self.t);
        self.description = self.description.problems(problems, &self.t);
        self.labels = self.labels.problems(problems);
        self.annotations = self.annotations.problems(problems);
        self
    }

    #[expect(clippy::unused_self, reason = "templates call methods")]
    fn hours(&self) -> [u64; 3] {
        trial::OFFERED
    }

    #[expect(clippy::unused_self, reason = "templates call methods")]
    fn durations(&self) -> [&'static str; 5] {
        DURATIONS
    }
}

/// Reads what a form says about a rule. What cannot be read at all is told; the use case tells the
/// rest.
pub(super) fn read(form: &Form) -> (RuleChange, Vec<Problem>) {
    let mut problems = Vec::new();
    let text = |name: &str| form.given(name).map(|text| text.trim().to_owned());
    let kind = match form.given("kind") {
        None | Some("alert") => Some(RuleKind::Alert),
        Some("record") => Some(RuleKind::Record),
        Some(_) => {
            let message = "is no kind of rule";
            problems.push(Problem::error("kind", message, "choose alert or record"));
            None
        }
    };
    let duration = text("duration").unwrap_or_default();
    // A recorded series has none.
    let duration = match (duration.as_str(), kind) {
        ("", Some(RuleKind::Record)) => "0s".to_owned(),
        _ => duration,
    };
    let change = RuleChange {
        name: Some(text("name").unwrap_or_default()),
        kind,
        clause: Some(form.text("clause").replace("\r\n", "\n")),
        duration: Some(duration),
        keep_firing_for: text("keep_firing_for"),
        enabled: Some(form.flag("enabled")),
        description: form
            .given("description")
            .map(|text| text.replace("\r\n", "\n")),
        labels: labels::read(form, "labels", &mut problems),
        annotations: labels::read(form, "annotations", &mut problems),
    };
    (change, problems)
}

/// An example of a clause for the rules of an owner: narrowed to it, with the macro.
pub(super) fn example(labels: &BTreeMap<String, String>) -> String {
    let mut matchers = String::new();
    for (name, value) in labels {
        let value = value.replace('\\', "\\\\").replace('"', "\\\"");
        matchers.push_str(name);
        matchers.push_str("=\"");
        matchers.push_str(&value);
        matchers.push_str("\",");
    }
    format!("up{{{matchers}<exclude>}} == 0")
}
