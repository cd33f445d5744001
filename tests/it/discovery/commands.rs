//! The commands, and another Promgen as a source.

use promgen_tests::http::get;
use promgen_tests::promgen::Installation;
use promgen_tests::wait::until;
use serde_json::{Value, json};

const TREE: &str = "promgen: 1\nshards: [{name: main}]\nservices:\n\
    - {name: shop, projects: [{name: web, shard: main}, {name: api, shard: main}]}\n";

const FILE: &str = "promgen.discovery.file: {path: farms.yml}\n";

fn installation(settings: &str) -> Installation {
    let installation = Installation::new(None, settings);
    installation.load(TREE);
    installation
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn farms_are_linked_previewed_refreshed_and_converted() {
    let promgen = installation(FILE);
    promgen.write("farms.yml", "web-farm: [a, b]\nempty: []\n");
    assert_eq!(promgen.ok(&["farm", "offers", "file"]), "empty\nweb-farm\n");
    assert_eq!(
        promgen.ok(&["farm", "link", "web", "file", "web-farm"]),
        "Created farm web-farm of file\nLinked farm web-farm to web\n\
         web-farm (file): 2 added, 0 removed\n  + a\n  + b\n"
    );
    promgen.write("farms.yml", "web-farm: [b, c]\n");
    let preview = promgen.ok(&["farm", "refresh", "web-farm", "--dry-run"]);
    assert_eq!(
        preview,
        "web-farm (file): 1 to add, 1 to remove\n  + c\n  - a\n"
    );
    let done = promgen.ok(&["farm", "refresh", "--all", "--format", "json"]);
    let expected = json!([{"id": 1, "name": "web-farm", "source": "file", "added": ["c"],
        "removed": ["a"], "warnings": [], "error": null}]);
    assert_eq!(json(&done), expected);
    let again = promgen.ok(&["farm", "refresh", "--id", "1", "web-farm"]);
    assert_eq!(again, "web-farm (file): nothing changes\n");
    let listed = promgen.ok(&["farm", "list", "--format", "json"]);
    let expected = json!([{"id": 1, "name": "web-farm", "source": "file", "remote": true,
        "hosts": 2, "projects": ["web"], "problem": null}]);
    assert_eq!(json(&listed), expected);
    let converted = promgen.ok(&["farm", "convert", "web-farm"]);
    assert_eq!(converted, "The hosts of web-farm are kept in Promgen\n");
    assert_eq!(promgen.ok(&["farm", "offers", "promgen"]), "web-farm\n");
    assert_eq!(
        promgen.ok(&["farm", "unlink", "web"]),
        "Unlinked farm web-farm from web\n"
    );
    promgen.ok(&["farm", "link", "web", "file", "web-farm"]);
    let ambiguous = promgen.refused(&["farm", "convert", "web-farm"]);
    assert!(ambiguous.contains("1 (promgen), 2 (file)"), "{ambiguous}");
    promgen.ok(&["farm", "convert", "--id", "2"]);
    let table = promgen.ok(&["farm", "list"]);
    assert!(table.starts_with("ID  NAME      SOURCE "), "{table}");
}

#[test]
fn one_farm_that_fails_does_not_stop_the_others() {
    let promgen = installation(FILE);
    promgen.write("farms.yml", "a-farm: [a]\nb-farm: [b]\n");
    promgen.ok(&["farm", "link", "web", "file", "a-farm"]);
    promgen.ok(&["farm", "link", "api", "file", "b-farm"]);
    promgen.write("farms.yml", "b-farm: [c]\n");
    let output = promgen.run(&["farm", "refresh", "--all", "--format", "json"]);
    assert_eq!(output.code, 1);
    let outcomes = json(&output.stdout);
    assert_eq!(outcomes[0]["name"], "a-farm");
    let error = outcomes[0]["error"].as_str().unwrap();
    assert!(error.contains("knows no farm \"a-farm\""), "{error}");
    assert_eq!(outcomes[1]["added"], json!(["c"]));
    let told = "farm a-farm keeps its hosts:\nerror: source file: ";
    assert!(output.stderr.starts_with(told), "{}", output.stderr);
    assert!(output.stderr.contains("error: 1 of 2 farms not refreshed"));

    promgen.write("farms.yml", "a-farm: []\nb-farm: [c]\n");
    let output = promgen.run(&["farm", "refresh", "a-farm"]);
    assert_eq!(output.code, 0);
    assert!(output.stderr.starts_with("warning: "), "{}", output.stderr);
    assert!(output.stderr.contains("no hosts"), "{}", output.stderr);
}

#[test]
fn commands_that_cannot_be_are_refused_with_a_remedy() {
    let promgen = installation(FILE);
    for (arguments, part) in [
        (&["farm", "refresh", "ghost"][..], "farm \"ghost\""),
        (&["farm", "refresh", "--id", "9"], "farm \"9\""),
        (&["farm", "convert", "--id", "9"], "farm \"9\""),
        (&["farm", "unlink", "web"], "has no farm"),
        (&["farm", "link", "web", "promgen", "x"], "a local farm"),
        (&["farm", "link", "web", "ghost", "x"], "\"ghost\""),
        (&["farm", "offers", "file"], "farms.yml"),
        (&["farm", "offers", "http"], "promgen.discovery.http: url"),
    ] {
        let errors = promgen.refused(arguments);
        assert!(errors.contains(part), "{arguments:?}: {errors}");
        assert!(errors.contains("remedy: "), "{arguments:?}: {errors}");
    }
    let none = promgen.ok(&["farm", "refresh", "--all"]);
    assert_eq!(none, "no farms were refreshed\n");
    assert_eq!(promgen.run(&["farm", "refresh"]).code, 2);
}

#[test]
fn a_source_that_refuses_its_settings_stops_nothing_and_is_told_of() {
    let promgen = installation("promgen.discovery.http: {url: ftp://s3cret/}\n");
    let plugins = json(&promgen.ok(&["plugins", "--format", "json"]));
    let plugins = plugins.as_array().unwrap();
    let http = plugins.iter().find(|plugin| plugin["key"] == "http");
    let problem = http.unwrap()["problem"].as_str().unwrap();
    assert!(problem.contains("no http or https URL"), "{problem}");
    let file = plugins.iter().find(|plugin| plugin["key"] == "file");
    assert_eq!(file.unwrap()["problem"], Value::Null);
    let told = promgen.refused(&["check"]);
    assert!(told.contains("promgen.discovery.http: url"), "{told}");
    let refused = promgen.refused(&["farm", "link", "web", "http", "x"]);
    assert!(refused.contains("no http or https URL"), "{refused}");
    assert!(!format!("{problem}{told}{refused}").contains("s3cret"));
    let right = Installation::new(None, "promgen.discovery.file: {path: farms.yml}\n");
    let told = right.run(&["check"]).stderr;
    assert!(!told.contains("discovery"), "{told}");
}

#[tokio::test]
async fn a_farm_of_one_promgen_gets_the_hosts_of_another() {
    let there = Installation::new(None, "");
    there.load(
        "promgen: 1\nshards: [{name: main}]\nservices:\n\
         - name: shop\n  projects:\n  - name: web\n    shard: main\n\
         \x20   farm: {name: web-farm, hosts: [a, '[2001:db8::1]']}\n\
         \x20   exporters: [{job: node, port: 9100}, {job: nginx, port: 9113}]\n",
    );
    let web = there.web(&["--no-worker"]).await;
    let here = installation(&format!(
        "promgen.discovery.http: {{url: {}/api/v1/targets}}\n",
        web.url
    ));
    assert_eq!(here.ok(&["farm", "offers", "http"]), "web-farm\n");
    here.ok(&["farm", "link", "api", "http", "web-farm"]);
    here.ok(&["register-job", "api", "node", "9100", "--enabled"]);
    let targets = || json(&here.ok(&["targets"]))[0]["targets"].clone();
    assert_eq!(targets(), json!(["[2001:db8::1]:9100", "a:9100"]));

    there.ok(&["register-host", "web", "b"]);
    // Another process made the change; the server finds out in its own time.
    until("the host in the answers of the other Promgen", async || {
        let answer = get(&format!("{}/api/v1/targets", web.url)).await?;
        answer.text().contains("\"b:9100\"").then_some(())
    })
    .await;
    let refreshed = here.ok(&["farm", "refresh", "--all"]);
    assert_eq!(refreshed, "web-farm (http): 1 added, 0 removed\n  + b\n");
    assert_eq!(targets(), json!(["[2001:db8::1]:9100", "a:9100", "b:9100"]));
}
