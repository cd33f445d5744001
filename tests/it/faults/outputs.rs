//! What Prometheus reads: the same bytes for the same tree, and never a part of them.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use promgen_tests::databases::{Kind, TestDatabase};
use promgen_tests::golden::golden_path;
use promgen_tests::http::get;
use promgen_tests::promgen::Installation;
use promgen_tests::wait::until;

const COMMANDS: [&str; 3] = ["export-targets", "export-rules", "export-urls"];

const ROUTES: [&str; 3] = ["/api/v1/targets", "/api/v1/rules", "/api/v1/urls"];

async fn outputs(installation: &Installation) -> Vec<String> {
    let mut outputs: Vec<String> = COMMANDS.map(|command| installation.ok(&[command])).into();
    let web = installation.web(&["--no-worker"]).await;
    for route in ROUTES {
        let answer = get(&format!("{}{route}", web.url)).await.unwrap();
        assert_eq!(answer.status, 200);
        outputs.push(answer.text());
    }
    outputs
}

#[tokio::test(flavor = "multi_thread")]
async fn r9_the_same_tree_gives_the_same_bytes_on_every_database() {
    let tree = std::fs::read_to_string(golden_path("tree.yml")).unwrap();
    let mut first: Option<Vec<String>> = None;
    for kind in [Kind::Sqlite, Kind::Sqlite, Kind::Postgres, Kind::MariaDb] {
        let Some(database) = TestDatabase::create(kind).await else {
            continue;
        };
        let installation = Installation::new(Some(database.url().0.reveal().clone()), "");
        installation.load(&tree);
        let once = outputs(&installation).await;
        assert_eq!(outputs(&installation).await, once, "{kind:?}, twice");
        assert!(once.iter().all(|text| text.len() > 1_000));
        assert_eq!(first.get_or_insert_with(|| once.clone()), &once, "{kind:?}");
    }
}

/// Trees of very different sizes, one after the other.
fn tree(number: usize) -> String {
    let hosts = if number.is_multiple_of(2) { 2_000 } else { 1 };
    let hosts: Vec<String> = (0..hosts)
        .map(|host| format!("host-{number}-{host}"))
        .collect();
    let rules: Vec<String> = (0..=number % 7)
        .map(|rule| format!("{{name: Down{number}x{rule}, clause: up == {number}}}"))
        .collect();
    let (hosts, rules) = (hosts.join(", "), rules.join(", "));
    format!(
        "promgen: 1\nsite: {{rules: [{rules}]}}\n\
         shards: [{{name: main, servers: [{{host: p1, port: 9090}}]}}]\n\
         services: [{{name: shop, projects: [{{name: web, shard: main, \
         farm: {{name: f, hosts: [{hosts}]}}, exporters: [{{job: node, port: 9100}}]}}]}}]\n"
    )
}

/// Reads a file over and over; answers all that it ever held.
fn watch(path: PathBuf, stop: Arc<AtomicBool>) -> std::thread::JoinHandle<BTreeSet<String>> {
    std::thread::spawn(move || {
        let mut seen = BTreeSet::new();
        while !stop.load(Ordering::Relaxed) {
            if let Ok(text) = std::fs::read_to_string(&path) {
                seen.insert(text);
            }
        }
        seen
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn r10_a_reader_never_sees_a_part_of_a_file() {
    const ROUNDS: usize = 10;
    let settings = "prometheus: {rules: promgen.rule.yml, targets: promgen.json}\n";
    let installation = Installation::new(None, settings);
    installation.load(&tree(0));
    let stop = Arc::new(AtomicBool::new(false));
    let files = ["promgen.json", "promgen.rule.yml"].map(|name| installation.folder().join(name));
    let watching = files.clone().map(|path| watch(path, Arc::clone(&stop)));
    let mut whole = [BTreeSet::new(), BTreeSet::new()];
    let _worker = installation.worker(&["--queues", "p1"]);
    for number in 0..ROUNDS {
        installation.write("tree.yml", &tree(number));
        installation.ok(&["tree", "apply", "tree.yml", "--prune"]);
        for ((command, file), whole) in COMMANDS.iter().zip(&files).zip(&mut whole) {
            installation.ok(&[command, "expected"]);
            let expected = std::fs::read_to_string(installation.folder().join("expected")).unwrap();
            until("the file", async || {
                let text = std::fs::read_to_string(file).unwrap_or_default();
                (text == expected).then_some(())
            })
            .await;
            whole.insert(expected);
        }
    }
    stop.store(true, Ordering::Relaxed);
    for (seen, whole) in watching.into_iter().zip(&whole) {
        let seen = seen.join().unwrap();
        assert!(
            seen.len() > ROUNDS / 2,
            "the reader kept up: {}",
            seen.len()
        );
        let odd = seen.difference(whole).map(String::len);
        assert_eq!(
            odd.collect::<Vec<_>>(),
            [0; 0],
            "lengths of what is no file of ours"
        );
    }
}
