//! A second opinion on changed rules, by the program that `prometheus.promtool` names.

use std::os::unix::fs::PermissionsExt as _;

use promgen_tests::promgen::{Installation, Output};

/// Refuses every file with the word `Unwanted`, and takes all others.
const PROGRAM: &str =
    "#!/bin/sh\nif grep -q Unwanted \"$3\"; then echo \"$3: Unwanted is unwanted\"; exit 1; fi\n";

fn installation() -> Installation {
    let installation = Installation::new(None, "");
    installation.load("promgen: 1\nsite: {rules: [{name: Unwanted, clause: up == 0}]}\n");
    let program = installation.write("promtool", PROGRAM);
    std::fs::set_permissions(program, std::fs::Permissions::from_mode(0o755)).unwrap();
    installation.write("promgen.yml", "prometheus: {promtool: ./promtool}\n");
    installation
}

fn apply(installation: &Installation, rules: &str) -> Output {
    installation.write(
        "tree.yml",
        &format!("promgen: 1\nsite: {{rules: [{rules}]}}\n"),
    );
    installation.run(&["tree", "apply", "tree.yml"])
}

/// A function that the native parser has never heard of.
const OF_TOMORROW: &str = "{name: Tomorrow, clause: histogram_of_tomorrow(up) > 1}";

#[test]
fn what_it_accepts_and_the_parser_does_not_is_stored_with_a_warning() {
    let installation = installation();
    let applied = apply(&installation, OF_TOMORROW);
    assert_eq!(applied.code, 0, "{applied:?}");
    let told = format!("{}{}", applied.stdout, applied.stderr);
    assert!(
        told.contains("Tomorrow") && told.contains("is not PromQL"),
        "{told}"
    );
    assert!(
        installation
            .ok(&["rules"])
            .contains("histogram_of_tomorrow")
    );

    installation.write("promgen.yml", "");
    let again = apply(&installation, &OF_TOMORROW.replace("> 1", "> 2"));
    assert_ne!(again.code, 0, "without it, the parser has the last word");
}

#[test]
fn what_it_refuses_is_not_stored() {
    let installation = installation();
    let refused = apply(
        &installation,
        "{name: Other, clause: 'up{job=\"Unwanted\"} == 0'}",
    );
    assert_ne!(refused.code, 0, "{refused:?}");
    assert!(
        refused.stderr.contains("the rules: Unwanted is unwanted"),
        "{refused:?}"
    );
    let file = "groups: [{name: a, rules: [{alert: Other, expr: 'up{job=\"Unwanted\"} == 0'}]}]";
    installation.write("rules.yml", file);
    let refused = installation.run(&["import-rules", "rules.yml"]);
    assert_ne!(refused.code, 0, "{refused:?}");
    assert!(
        refused.stderr.contains("the rules: Unwanted is unwanted"),
        "{refused:?}"
    );
    assert!(!installation.ok(&["rules"]).contains("Other"));
}

#[test]
fn it_is_asked_about_changed_rules_alone() {
    let installation = installation();
    let applied = apply(&installation, "{name: Other, clause: up == 1}");
    assert_eq!(
        applied.code, 0,
        "the one that is unwanted was there before: {applied:?}"
    );
}

#[test]
fn without_an_answer_the_parser_decides() {
    let installation = installation();
    installation.write("promgen.yml", "prometheus: {promtool: ./no-such-program}\n");
    let applied = apply(&installation, "{name: Other, clause: up == 1}");
    assert_eq!(applied.code, 0, "{applied:?}");
    let told = format!("{}{}", applied.stdout, applied.stderr);
    assert!(told.contains("gave no second opinion"), "{told}");
    assert_ne!(apply(&installation, OF_TOMORROW).code, 0);
}
