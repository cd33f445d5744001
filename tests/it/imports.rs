//! Imports through the built program: what comes in, what is refused, and that nothing is left
//! half done.

use promgen_tests::promgen::Installation;
use serde_json::{Value, json};

fn installation() -> Installation {
    let installation = Installation::new(None, "");
    installation.load(
        "promgen: 1\nusers: [{username: ops}]\nshards: [{name: main}]\nservices:\n\
         - {name: shop, projects: [{name: web, shard: main}]}\n",
    );
    installation
}

/// The answer of a command that prints JSON.
fn answer(installation: &Installation, arguments: &[&str]) -> Value {
    let arguments = [arguments, &["--format", "json"]].concat();
    serde_json::from_str(&installation.ok(&arguments)).unwrap()
}

const EXAMPLE: &str = r#"[
  {"labels": {"service": "Test Service", "project": "Test 1", "farm": "Farm 1", "job": "node"},
   "targets": ["aaa:9100", "bbb:9100"]},
  {"labels": {"service": "Test Service", "project": "Test 2", "farm": "Farm 2", "job": "mysqld",
    "__farm_source": "other"}, "targets": ["ccc:9104"]}
]"#;

#[test]
fn the_worked_example_comes_in_and_is_found_again() {
    let installation = installation();
    installation.write("targets.json", EXAMPLE);
    let wanted =
        json!({"Shard": 1, "Service": 1, "Project": 2, "Farm": 2, "Exporter": 2, "Host": 3});
    let before = installation.ok(&["tree", "export"]);
    let dry = answer(&installation, &["import", "targets.json", "--dry-run"]);
    assert_eq!(dry["imported"], wanted);
    assert_eq!(installation.ok(&["tree", "export"]), before);
    let done = answer(
        &installation,
        &["import-jobs", "targets.json", "--owner", "ops"],
    );
    assert_eq!(done["imported"], wanted);
    assert_eq!(done["skipped"], json!({"Shard": 1, "Service": 1}));
    assert!(installation.ok(&["tree", "export"]).contains("owner: ops"));

    let moved = EXAMPLE
        .replace("Farm 1", "Farm 3")
        .replace(r#""aaa:9100", "bbb:9100""#, r#""ddd:9100", "fff:9100""#);
    installation.write("targets.json", &moved);
    let done = answer(&installation, &["import-jobs", "targets.json"]);
    assert_eq!(done["imported"], json!({"Host": 2}));
    assert_eq!(
        done["skipped"],
        json!({"Shard": 2, "Service": 2, "Farm": 2})
    );
    assert_eq!(
        done["changed"],
        json!([{"kind": "farm", "name": "Farm 3 (pmc)", "fields": ["name"]}])
    );
    let targets: Value = serde_json::from_str(&installation.ok(&["targets"])).unwrap();
    let hosts = json!(["aaa:9100", "bbb:9100", "ddd:9100", "fff:9100"]);
    assert_eq!(targets[1]["targets"], hosts);

    let before = installation.ok(&["tree", "export"]);
    let again = installation.ok(&["import-jobs", "targets.json"]);
    assert_eq!(
        again,
        "Imported nothing\nSkipped Farm: 2, Service: 2, Shard: 2\n"
    );
    assert_eq!(installation.ok(&["tree", "export"]), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_promgen_takes_over_from_another_by_its_url() {
    let (from, to) = (installation(), installation());
    from.write("targets.json", EXAMPLE);
    from.ok(&["import", "targets.json", "far"]);
    let web = from.web(&["--no-worker"]).await;
    let url = format!("{}/api/v1/targets", web.url);
    to.ok(&["import-jobs", &url]);
    assert_eq!(to.ok(&["targets"]), from.ok(&["targets"]));
    assert!(to.ok(&["targets"]).contains(r#""__shard": "far""#));
    let absent = format!("{}/absent", web.url);
    let asked = absent.replace("http://", "http://me:hush@") + "?token=hush";
    let refused = to.refused(&["import-jobs", &asked]);
    let told = format!("error: {}/…: the server answered HTTP 404", web.url);
    assert!(refused.starts_with(&told), "{refused}");
    assert!(refused.contains("\nremedy: check the URL"), "{refused}");
    assert!(!refused.contains("hush"), "{refused}");
    let login = format!("{}/login/", web.url);
    let refused = to.refused(&["import-jobs", &login]);
    assert!(
        refused.starts_with(&format!("error: {}/…", web.url)),
        "{refused}"
    );
}

#[test]
fn rules_go_to_whom_their_labels_name_and_come_back_as_they_were() {
    let installation = installation();
    installation.write(
        "rules.yml",
        "\u{feff}groups:\r\n- name: any\r\n  rules:\r\n  - {alert: Down, expr: up == 0, labels: {project: web, tier: 1.50}}\r\n  \
         - {record: 'job:up:sum', expr: sum by (job) (up)}\r\n  - {alert: Slow, expr: up, for: 5m, labels: {service: shop}}\r\n",
    );
    let done = answer(&installation, &["import-rules", "rules.yml"]);
    assert_eq!(
        done,
        json!({"imported": {"Rules": 3}, "skipped": {}, "changed": [], "warnings": []})
    );
    let rules = installation.ok(&["rules"]);
    assert!(
        rules.contains("tier: '1.50'") && rules.contains("- name: shop » web\n"),
        "{rules}"
    );

    let other = self::installation();
    other.write("rules.yml", &rules);
    other.ok(&["import-rules", "rules.yml"]);
    let without_ids = |text: String| -> Vec<String> {
        let lines = text.lines().filter(|line| !line.contains("/rule/"));
        lines.map(ToOwned::to_owned).collect()
    };
    assert_eq!(without_ids(other.ok(&["rules"])), without_ids(rules));
    assert_eq!(
        other.ok(&[
            "import-rules",
            "rules.yml",
            "--service",
            "shop",
            "--dry-run"
        ]),
        "Imported nothing\nSkipped Rules: 3 (dry run: nothing was done)\n"
    );
    let v1 = other.ok(&["rules", "--v1"]);
    assert!(v1.contains("job:up:sum = sum by (job) (up)\n"), "{v1}");
    assert!(
        v1.contains(
            "# shop » web\nALERT Down\n  IF up == 0\n  LABELS {project=\"web\", service=\"shop\", tier=\"1.50\"}"
        ),
        "{v1}"
    );
    other.ok(&["rules", "--v1", "old.rules"]);
    assert_eq!(
        std::fs::read_to_string(other.folder().join("old.rules")).unwrap(),
        v1
    );
}

#[test]
fn modules_become_probes() {
    let installation = installation();
    installation.write(
        "blackbox.yml",
        "modules:\n  http_2xx: {prober: http, timeout: 5s}\n  icmp: {prober: icmp}\n",
    );
    let refused = installation.refused(&["import-probe", "blackbox.yml"]);
    assert!(refused.contains("--no-input"), "{refused}");
    let import = ["import-probe", "blackbox.yml", "--no-input"];
    assert_eq!(
        installation.ok(&import),
        "Imported Probe: 1\nSkipped Module: 1\n"
    );
    assert_eq!(
        installation.ok(&import),
        "Imported nothing\nSkipped Module: 1, Probe: 1\n"
    );
    // With nothing new there is nothing to ask.
    installation.ok(&["import-probe", "blackbox.yml"]);
    assert!(installation.ok(&["tree", "export"]).contains("http_2xx"));
}

/// Every file is refused with its finding, and the tree stays as it was.
fn each_is_refused(command: &str, cases: &[(String, &str)]) {
    let installation = installation();
    let before = installation.ok(&["tree", "export"]);
    for (text, part) in cases {
        installation.write("bad", text);
        let refused = installation.refused(&[command, "bad"]);
        assert!(refused.contains(part), "{command}: {refused}\n{part}");
        assert!(refused.contains("remedy: "), "{refused}");
    }
    assert_eq!(installation.ok(&["tree", "export"]), before);
}

/// Lists of lists of lists, by aliases.
fn bomb() -> String {
    let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for level in 1..9 {
        let alias = vec![format!("*a{}", level - 1); 10].join(",");
        let line = format!("a{level}: &a{level} [{alias}]\n");
        bomb.push_str(&line);
    }
    bomb
}

const TOO_MUCH: &str = "bad has more than 33554432 bytes";

#[test]
fn wrong_targets_are_named_with_their_places_and_change_nothing() {
    let labels = r#""labels": {"service": "s", "project": "p", "farm": "f", "job": "j"}"#;
    let target = |text: &str| format!("[{{{labels},\n\"targets\": [\"a:1\", \"{text}\"]}}]");
    each_is_refused(
        "import-jobs",
        &[
            (target("a"), "bad:2:20: [0].targets[1]: \"a\" has no port"),
            (
                target("a:99999"),
                "bad:2:20: [0].targets[1]: \"99999\" is not",
            ),
            (
                target("[::1]"),
                "bad:2:20: [0].targets[1]: \"[::1]\" has no port",
            ),
            (
                target("fe80::1"),
                "bad:2:20: [0].targets[1]: \"fe80::1\" has no port",
            ),
            (
                format!("[{{{labels}, {labels}}}]"),
                "stands here again, after line 1",
            ),
            (" ".repeat(50_000_000), TOO_MUCH),
            (bomb(), "bad:"),
        ],
    );
}

#[test]
fn wrong_rules_are_named_with_their_places_and_change_nothing() {
    let labels = "{alert: A, expr: up, labels: {project: ghost}}";
    let cases = [
        ("groups:\n\t- name: a\n", "bad:2:"),
        ("{alert: A, expr: up}\n---\n{}", "bad:3:1:"),
        (
            "alert: A\nexpr: up\nexpr: up\n",
            "bad:3:1: rule.expr: stands here again",
        ),
        (
            "alert: A\nexpr: 'up{'\n",
            "bad:2:7: rule.expr: { is never closed",
        ),
        (
            labels,
            "bad:1:1: rule.labels.project: project ghost does not exist",
        ),
    ];
    let own = |(text, part): (&str, &'static str)| (text.to_owned(), part);
    let mut cases: Vec<(String, &str)> = cases.into_iter().map(own).collect();
    cases.push((" ".repeat(50_000_000), TOO_MUCH));
    cases.push((bomb(), "bad:"));
    each_is_refused("import-rules", &cases);
}

#[test]
fn wrong_modules_are_named_with_their_places_and_change_nothing() {
    let module = "modules: {a: 1}".to_owned();
    let cases = [
        (module, "bad:1:14: modules.a: is a number"),
        (bomb(), "bad:"),
    ];
    each_is_refused("import-probe", &cases);
}

#[test]
fn what_an_import_is_told_must_exist() {
    let installation = installation();
    let before = installation.ok(&["tree", "export"]);
    installation.write("good", "[]");
    for (arguments, part) in [
        (&["import-jobs", "absent"][..], "absent"),
        (&["import-jobs", "good", "a/b"], "'/'"),
        (
            &["import-jobs", "good", "--owner", "ghost"],
            "user \"ghost\" does not exist",
        ),
        (
            &["import-rules", "good", "--service", "ghost"],
            "service \"ghost\" does not exist",
        ),
        (&["import-jobs", "http://127.0.0.1:1/"], "127.0.0.1"),
    ] {
        let refused = installation.refused(arguments);
        assert!(refused.contains(part), "{arguments:?}: {refused}");
    }
    assert_eq!(installation.ok(&["tree", "export"]), before);
    assert_eq!(installation.run(&["import-rules"]).code, 2);
}
