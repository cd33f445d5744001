//! Deployment to a Prometheus that does not do as it is asked.

use promgen_tests::promgen::Installation;
use promgen_tests::sink::{Behaviour, Sink};
use promgen_tests::wait::until;

const TREE: &str = "promgen: 1\nsite: {rules: [{name: Down, clause: up == 0}]}\n\
    shards: [{name: main, servers: [{host: p1, port: 9090}]}]\n";

fn installation(sink: &Sink) -> Installation {
    let settings = format!(
        "prometheus: {{url: '{}', rules: promgen.rule.yml, targets: promgen.json}}\nstate: state\n",
        sink.url("/prefix")
    );
    let installation = Installation::new(None, &settings);
    installation.load(TREE);
    installation.write("promgen.rule.yml", "groups: []\n");
    installation
}

async fn until_failing(installation: &Installation, part: &str) -> String {
    until(&format!("a failure that says {part}"), async || {
        let servers = installation.ok(&["servers"]);
        (servers.contains("failing") && servers.contains(part)).then_some(servers)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_that_fails_after_our_write_brings_the_previous_files_back() {
    let sink = Sink::start().await;
    sink.behave("/prefix/-/reload", Behaviour::BusyOnce);
    let installation = installation(&sink);
    let _worker = installation.worker(&["--queues", "p1"]);
    until_failing(&installation, "the previous files are back").await;
    let rules = installation.folder().join("promgen.rule.yml");
    assert_eq!(std::fs::read_to_string(rules).unwrap(), "groups: []\n");
    assert!(
        !installation.folder().join("promgen.json").exists(),
        "a new file is gone again"
    );
    let kept = installation
        .folder()
        .join("state/previous/promgen.rule.yml");
    assert_eq!(std::fs::read_to_string(kept).unwrap(), "groups: []\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_that_fails_anyway_is_not_of_our_making() {
    let sink = Sink::start().await;
    sink.behave("/prefix/-/reload", Behaviour::Status(500));
    let installation = installation(&sink);
    let _worker = installation.worker(&["--queues", "p1"]);
    until_failing(&installation, "the same with the previous files").await;
    let rules = installation.folder().join("promgen.rule.yml");
    assert!(
        std::fs::read_to_string(rules)
            .unwrap()
            .contains("alert: Down")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_without_output_files_says_what_to_set() {
    let installation = Installation::new(None, "");
    installation.load(TREE);
    let _worker = installation.worker(&["--queues", "p1"]);
    until_failing(&installation, "prometheus").await;
}
