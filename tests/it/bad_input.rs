//! Nonsense in settings, databases and documents: named, with place and remedy, and nothing done.

use promgen_tests::promgen::Installation;

#[test]
fn an_unknown_key_is_a_warning_and_a_wrong_type_an_error() {
    let installation = Installation::new(None, "promethues: {}\n");
    let checked = installation.run(&["check"]);
    assert_eq!(checked.code, 0);
    assert!(checked.stderr.contains("promethues"), "{}", checked.stderr);
    installation.write("promgen.yml", "alerts:\n  max_depth: deep\n");
    let refused = installation.refused(&["check"]);
    assert!(
        refused.contains("max_depth") && refused.contains("2:"),
        "{refused}"
    );
    installation.write(
        "promgen.yml",
        "django: {EMAIL_USE_TLS: true, EMAIL_USE_SSL: true}\n",
    );
    let refused = installation.refused(&["check"]);
    assert!(
        refused.contains("EMAIL_USE_TLS") && refused.contains("EMAIL_USE_SSL"),
        "{refused}"
    );
    installation.write("promgen.yml", "a: [\n");
    installation.refused(&["check"]);
}

#[test]
fn a_database_of_an_unknown_kind_is_named() {
    let installation = Installation::new(Some("oracle://scott@db/x".to_owned()), "");
    let refused = installation.refused(&["servers"]);
    assert!(
        refused.contains("oracle") && refused.contains("postgres"),
        "{refused}"
    );
}

#[test]
fn only_migrate_and_web_make_a_database() {
    let installation = Installation::new(None, "");
    let refused = installation.refused(&["servers"]);
    assert!(
        refused.contains("promgen.db") && refused.contains("promgen migrate"),
        "{refused}"
    );
    assert!(!installation.folder().join("promgen.db").exists());
}

#[test]
fn an_output_folder_that_is_missing_is_an_error() {
    let installation = Installation::new(
        None,
        "prometheus: {rules: absent/rules.yml, promtool: no-such-promtool}\n",
    );
    let refused = installation.refused(&["check"]);
    assert!(
        refused.contains("W002") && refused.contains("absent"),
        "{refused}"
    );
    assert!(
        refused.contains("W003") && refused.contains("no-such-promtool"),
        "{refused}"
    );
}

#[test]
fn an_output_folder_that_nobody_may_write_to_is_an_error() {
    // Not even root can make a file there, unlike in a folder whose mode says read-only.
    let installation = Installation::new(None, "prometheus: {rules: /sys/promgen.rule.yml}\n");
    let refused = installation.refused(&["check"]);
    assert!(
        refused.contains("W002") && refused.contains("/sys"),
        "{refused}"
    );
    installation.ok(&["migrate"]);
    let refused = installation.refused(&["rules", "/sys/promgen.rule.yml"]);
    assert!(
        refused.contains("/sys/promgen.rule.yml") && refused.contains("remedy: "),
        "{refused}"
    );
}

#[test]
fn a_bad_document_changes_nothing_and_names_every_line() {
    let installation = Installation::new(None, "");
    installation.ok(&["migrate"]);
    installation.write(
        "bad.yml",
        "promgen: 1\nshards: [{name: s}]\nservices:\n- name: good\n  rules:\n  \
         - {name: R, clause: 'up{'}\n  - {name: Q, clause: up, labels: {a b: c}}\n- name: bad/name\n",
    );
    let refused = installation.refused(&["tree", "apply", "bad.yml"]);
    assert!(refused.contains("bad.yml:8:"), "{refused}");
    installation.write(
        "bad.yml",
        "promgen: 1\nservices:\n- name: good\n  rules:\n  - {name: R, clause: 'up{'}\n  \
         - {name: Q, clause: up, labels: {a b: c}}\n",
    );
    let refused = installation.refused(&["tree", "apply", "bad.yml"]);
    assert!(
        refused.contains("bad.yml:5:") && refused.contains("never closed"),
        "{refused}"
    );
    assert!(
        refused.contains("bad.yml:6:") && refused.contains("a b"),
        "{refused}"
    );
    assert!(!installation.ok(&["tree", "export"]).contains("good"));
}

#[test]
fn a_dry_run_says_what_it_would_do_and_does_nothing() {
    let installation = Installation::new(None, "");
    installation.ok(&["migrate"]);
    installation.write("tree.yml", "promgen: 1\nshards: [{name: s}]\n");
    let said = installation.ok(&["tree", "apply", "tree.yml", "--dry-run"]);
    assert!(
        said.contains("+ shard s") && said.contains("dry run"),
        "{said}"
    );
    assert!(!installation.ok(&["tree", "export"]).contains("name: s"));
}

#[test]
fn a_change_that_would_break_the_outputs_is_refused() {
    let installation = Installation::new(None, "");
    installation.load("promgen: 1\nsite: {domain: promgen.example.com}\nshards: [{name: s}]\n");
    for services in [
        "{name: promgen.example.com}",
        "{name: 'a » b'}",
        "{name: a, projects: [{name: p, shard: s, farm: {name: f, hosts: [h]}, \
         exporters: [{job: j, port: 1, path: '/m?match[]=x'}]}]}",
    ] {
        installation.write("tree.yml", &format!("promgen: 1\nservices: [{services}]\n"));
        installation.refused(&["tree", "apply", "tree.yml"]);
    }
    assert!(
        installation
            .ok(&["tree", "export"])
            .contains("services: []")
    );
}

#[test]
fn a_sender_without_its_driver_is_kept_and_warned_about() {
    let installation = Installation::new(None, "");
    installation.ok(&["migrate"]);
    installation.write(
        "tree.yml",
        "promgen: 1\nservices: [{name: a, senders: [{driver: promgen.notification.pigeon, value: x}]}]\n",
    );
    let applied = installation.run(&["tree", "apply", "tree.yml"]);
    assert_eq!(applied.code, 0, "{}", applied.stderr);
    assert!(applied.stderr.contains("pigeon"), "{}", applied.stderr);
    assert!(installation.ok(&["tree", "export"]).contains("pigeon"));
}
