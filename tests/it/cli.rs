//! The commands, as scripts call them.

use promgen_tests::promgen::Installation;
use promgen_tests::wait::until;

const TREE: &str = "promgen: 1\nusers: [{username: ops}]\nshards: [{name: main}]\nservices:\n\
    - {name: shop, projects: [{name: web, shard: main, farm: {name: f, hosts: [a]}}, {name: bare, shard: main}]}\n";

fn installation() -> Installation {
    let installation = Installation::new(None, "");
    installation.load(TREE);
    installation
}

#[test]
fn servers_are_registered_and_moved() {
    let installation = installation();
    let register = |shard: &str| installation.ok(&["register-server", shard, "p1", "9090"]);
    assert_eq!(
        register("east"),
        "Created shard east\nCreated p1:9090 on east\n"
    );
    assert_eq!(register("east"), "Already on east: p1:9090\n");
    assert_eq!(
        register("west"),
        "Created shard west\nMoved p1:9090 from east to west\n"
    );
    assert!(installation.ok(&["servers"]).contains("never seen"));
}

#[test]
fn presets_jobs_and_hosts_are_registered_once() {
    let installation = installation();
    assert_eq!(
        installation.ok(&["register-exporter", "own", "9999"]),
        "Created own:9999\n"
    );
    assert_eq!(
        installation.ok(&["register-exporter", "own", "9999"]),
        "Already exists own:9999\n"
    );
    let job = ["register-job", "web", "node", "9100"];
    assert_eq!(installation.ok(&job), "Registered job node:9100\n");
    assert_eq!(installation.ok(&job), "Found existing job node:9100\n");
    assert_eq!(
        installation.ok(&["targets"]),
        "[]\n",
        "a job is disabled unless told otherwise"
    );
    assert_eq!(
        installation.ok(&["register-host", "web", "b"]),
        "Registered host b\n"
    );
    assert_eq!(
        installation.ok(&["register-host", "web", "b"]),
        "Found existing host b\n"
    );
    installation.ok(&["register-job", "web", "own", "9999", "--enabled"]);
    let targets: serde_json::Value = serde_json::from_str(&installation.ok(&["targets"])).unwrap();
    assert_eq!(
        targets[0]["targets"],
        serde_json::json!(["a:9999", "b:9999"])
    );
}

#[test]
fn exports_are_written_with_their_mode() {
    use std::os::unix::fs::PermissionsExt as _;
    let installation = installation();
    let path = installation.folder().join("out.json");
    for (arguments, mode) in [(&["600"][..], 0o600), (&[], 0o644), (&["600"], 0o600)] {
        let mut command = vec!["targets", "out.json"];
        command.extend(arguments.iter().flat_map(|mode| ["--mode", mode]));
        installation.ok(&command);
        let found = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(found & 0o777, mode);
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), "[]");
    assert_eq!(installation.ok(&["rules"]), "groups: []\n");
    installation.ok(&["export-urls", "urls.json"]);
    assert_eq!(
        std::fs::read_to_string(installation.folder().join("urls.json")).unwrap(),
        "[]"
    );
}

#[test]
fn what_cannot_be_is_refused_and_changes_nothing() {
    let installation = installation();
    let before = installation.ok(&["tree", "export"]);
    for (arguments, part) in [
        (
            &["register-host", "ghost", "h"][..],
            "project \"ghost\" does not exist",
        ),
        (&["register-host", "bare", "h"], "has no farm"),
        (
            &["register-host", "web", "h:9100"],
            "without scheme, port or path",
        ),
        (&["register-job", "web", "node", "0"], "0 is not a port"),
        (&["register-server", "a/b", "p", "1"], "'/'"),
        (&["alerts", "show", "99"], "alert \"99\" does not exist"),
        (&["alerts", "retry", "99"], "delivery \"99\" does not exist"),
        (
            &["token", "create", "--user", "ghost", "--scope", "read"],
            "user \"ghost\" does not exist",
        ),
        (&["token", "revoke", "99"], "token \"99\" does not exist"),
        (&["targets", "missing/out.json"], "missing/out.json"),
        (&["targets", "out.json", "--reload"], "prometheus.url"),
    ] {
        let errors = installation.refused(arguments);
        assert!(errors.contains(part), "{arguments:?}: {errors}");
        assert!(errors.contains("remedy: "), "{arguments:?}: {errors}");
    }
    assert_eq!(installation.ok(&["tree", "export"]), before);
    assert!(!installation.folder().join("out.json").exists());
    assert_eq!(
        installation
            .run(&["register-server", "a", "b", "70000"])
            .code,
        2
    );
    assert_eq!(installation.run(&["nonsense"]).code, 2);
}

#[test]
fn tokens_are_shown_once_and_can_be_revoked() {
    let installation = installation();
    let create = [
        "token",
        "create",
        "--user",
        "ops",
        "--scope",
        "alerts",
        "--expires",
        "90d",
        "--format",
        "json",
    ];
    let made: serde_json::Value = serde_json::from_str(&installation.ok(&create)).unwrap();
    let text = made["token"].as_str().unwrap();
    assert!(text.starts_with("pg_") && text.len() == 67);
    assert_eq!(made["scopes"], serde_json::json!(["alerts"]));
    let list = installation.ok(&["token", "list"]);
    assert!(list.contains("good") && !list.contains(text));
    installation.ok(&["token", "revoke", &made["id"].to_string()]);
    assert!(installation.ok(&["token", "list"]).contains("revoked"));
}

#[test]
fn a_superuser_needs_a_name_a_password_and_no_namesake() {
    use std::io::Write as _;
    let installation = installation();
    let refused = installation.refused(&["createsuperuser", "--username", "root"]);
    assert!(refused.contains("--password-stdin"), "{refused}");
    let make = |password: &str| {
        let program = std::env::current_exe()
            .unwrap()
            .ancestors()
            .nth(2)
            .unwrap()
            .join("promgen");
        let mut child = std::process::Command::new(program)
            .args([
                "createsuperuser",
                "--username",
                "root",
                "--email",
                "r@example.com",
                "--password-stdin",
            ])
            .current_dir(installation.folder())
            .env("DATABASE_URL", installation.database())
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(password.as_bytes())
            .unwrap();
        child.wait().unwrap().success()
    };
    assert!(!make("short"));
    assert!(make("long enough"));
    assert!(!make("long enough"), "the name is taken");
    assert!(
        installation
            .ok(&["tree", "export"])
            .contains("r@example.com")
    );
}

#[test]
fn plugins_are_listed() {
    let json = Installation::new(None, "").ok(&["plugins", "--format", "json"]);
    let plugins: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    assert_eq!(plugins.len(), 14);
    let problems = plugins.iter().filter(|plugin| !plugin["problem"].is_null());
    assert_eq!(problems.count(), 0, "{json}");
}

/// A section for each driver, wrong in a way of its own.
const WRONG: &str = "promgen.notification.slack: {proxies: no url of s3cr3t}\n\
    promgen.notification.email: {sendr: s3cr3t}\n\
    promgen.notification.line: [s3cr3t]\n\
    promgen.notification.linenotify: {url: s3cr3t}\n\
    promgen.notification.pagerduty: {url: s3cr3t}\n\
    promgen.notification.webhook: {a: s3cr3t}\n\
    promgen.notification.alertmanager: {a: s3cr3t}\n\
    promgen.notification.user: {a: s3cr3t}\n";

#[tokio::test(flavor = "multi_thread")]
async fn drivers_that_refuse_their_settings_are_told_by_check_and_at_the_start() {
    let installation = Installation::new(None, WRONG);
    let drivers = WRONG.lines().filter_map(|line| line.split(':').next());
    let checked = installation.refused(&["check"]);
    for driver in drivers.clone() {
        let told = checked
            .lines()
            .filter(|line| line.contains(&format!("{driver}:")));
        assert!(told.count() > 0, "{driver}: {checked}");
    }
    assert!(!checked.contains("s3cr3t"), "{checked}");

    installation.ok(&["migrate"]);
    let web = installation.web(&["--no-worker"]).await.process;
    let worker = installation.worker(&["--queues", "p1"]);
    for process in [web, worker] {
        let log = until("the worker to work", async || {
            let log = process.log();
            let ready = log.contains("listening on ") || log.contains("working");
            ready.then_some(log)
        });
        let log = log.await;
        for driver in drivers.clone() {
            let told = log
                .lines()
                .filter(|line| line.contains(&format!("{driver}:")));
            assert!(told.count() > 0, "{driver}: {log}");
        }
        assert!(!log.contains("s3cr3t"), "{log}");
    }
}

#[test]
fn bash_understands_its_completions_and_completes() {
    let installation = Installation::new(None, "");
    let script = installation.ok(&["completions", "bash"]);
    let path = installation.write("promgen.bash", &script);
    let ask = "source \"$0\" && COMP_WORDS=(promgen tok) COMP_CWORD=1 && _promgen promgen tok promgen \
        && echo \"${COMPREPLY[*]}\"";
    for arguments in [&["-n"][..], &["-c", ask]] {
        let mut bash = std::process::Command::new("bash");
        let done = bash.args(arguments).arg(&path).output().unwrap();
        let stderr = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success() && stderr.is_empty(), "{stderr}");
        let answer = String::from_utf8_lossy(&done.stdout);
        assert!(arguments == ["-n"] || answer.trim() == "token", "{answer}");
    }
    assert_eq!(installation.run(&["completions", "tcsh"]).code, 2);
}

#[test]
fn two_users_become_one() {
    let installation = installation();
    installation.load(
        "promgen: 1\nusers: [{username: old}, {username: new}]\nservices: [{name: shop, owner: old}]\n",
    );
    assert_eq!(
        installation.ok(&["users", "merge", "old", "new"]),
        "Merged user old into new\n"
    );
    let listed = installation.ok(&["users", "list", "--format", "json"]);
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    let names: Vec<&str> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["username"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["new", "ops"]);
    assert!(installation.ok(&["tree", "export"]).contains("owner: new"));
    assert!(installation.ok(&["users", "list"]).contains("SUPERUSER"));
    for (from, into) in [("old", "new"), ("new", "old"), ("new", "new")] {
        installation.refused(&["users", "merge", from, into]);
    }
}

#[test]
fn whoever_closes_the_pipe_has_read_enough() {
    use std::process::Stdio;
    let installation = installation();
    for arguments in [
        &["plugins"][..],
        &["farm", "list"],
        &["tree", "export"],
        &["alerts", "show", "99"],
    ] {
        let mut command = installation.command(arguments);
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        if arguments.contains(&"show") {
            drop(child.stderr.take());
            assert_eq!(child.wait().unwrap().code(), Some(1));
            continue;
        }
        let done = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(
            done.status.success() && said.is_empty(),
            "{arguments:?}: {said}"
        );
    }
}

#[test]
fn a_result_that_cannot_be_printed_is_a_failure() {
    let installation = Installation::new(None, "");
    let full = std::fs::File::create("/dev/full").unwrap();
    let done = installation
        .command(&["plugins"])
        .stdout(full)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(1), "{said}");
    assert!(
        said.starts_with("error: the result cannot be printed"),
        "{said}"
    );
    assert!(said.contains("remedy: "), "{said}");
}

#[test]
fn what_the_original_took_is_understood_or_told_what_to_do_instead() {
    let installation = installation();
    let old = [
        "--settings",
        "promgen.settings",
        "--no-color",
        "farm",
        "list",
        "--traceback",
    ];
    let done = installation.run(&old);
    assert_eq!(done.code, 0, "{}", done.stderr);
    for option in ["--settings", "--no-color", "--traceback"] {
        let note = format!("note: {option} has no meaning here");
        assert!(done.stderr.contains(&note), "{}", done.stderr);
    }
    let shell = installation.refused(&["shell", "-c", "print(1)"]);
    assert!(
        shell.contains("no Python") && shell.contains("remedy: "),
        "{shell}"
    );
}
