//! A program with plugins from outside: the example of `docs/PLUGINS.md`.

use promgen_tests::http::post_alerts;
use promgen_tests::promgen::{Installation, QUICK};
use promgen_tests::sink::{Behaviour, Sink};
use promgen_tests::wait::until;
use serde_json::{Value, json};

const TREE: &str = "promgen: 1\nusers: [{username: am}]\nshards: [{name: main}]\nservices:\n\
    - name: shop\n  projects: [{name: web, shard: main}]\n  \
    senders: [{driver: acme.notification.pager, value: storage-oncall}]\n";

fn installation(settings: &str) -> Installation {
    Installation::new(None, settings).with_program("promgen-acme")
}

#[test]
fn exactly_the_drivers_of_both_crates_are_linked() {
    let json = installation("").ok(&["plugins", "--format", "json"]);
    let plugins: Vec<Value> = serde_json::from_str(&json).unwrap();
    let keys: Vec<&str> = plugins.iter().filter_map(|p| p["key"].as_str()).collect();
    let (own, shipped): (Vec<&str>, Vec<&str>) =
        keys.into_iter().partition(|key| key.starts_with("acme."));
    assert_eq!(
        own,
        [
            "acme.notification.pager",
            "acme.discovery.inventory",
            "acme.badges"
        ]
    );
    let json = Installation::new(None, "").ok(&["plugins", "--format", "json"]);
    let plugins: Vec<Value> = serde_json::from_str(&json).unwrap();
    let keys: Vec<&str> = plugins.iter().filter_map(|p| p["key"].as_str()).collect();
    assert_eq!(shipped, keys, "those that ship with Promgen, and no others");
}

#[test]
fn a_section_is_known_to_the_program_that_has_the_plugin() {
    let settings = "acme.notification.pager: {gateway: 'https://pager.acme.example/', key: k}\n";
    let acme = installation(settings).run(&["check"]);
    assert_eq!(acme.code, 0, "{}", acme.stderr);
    assert!(!acme.stderr.contains("acme."), "{}", acme.stderr);
    let plain = Installation::new(None, settings).run(&["check"]);
    assert!(plain.stderr.contains("is no plugin"), "{}", plain.stderr);
    let wrong = installation("acme.notification.pager: {kye: s3cret}\n").refused(&["check"]);
    assert!(wrong.contains("acme.notification.pager") && wrong.contains("remedy: "));
    assert!(!wrong.contains("s3cret"), "{wrong}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_reaches_a_team_through_the_pager() {
    let sink = Sink::start().await;
    sink.behave("/pages", Behaviour::BusyOnce);
    let gateway = sink.url("/pages");
    let settings = format!("{QUICK}acme.notification.pager: {{gateway: '{gateway}', key: k3y}}\n");
    let installation = installation(&settings);
    installation.load(TREE);
    let token = installation.alerts_token("am");
    let web = installation.web(&[]).await;
    let alert = json!({
        "version": "4", "groupKey": "g", "status": "firing",
        "commonLabels": {"alertname": "Down", "service": "shop"},
        "alerts": [{"status": "firing", "labels": {"alertname": "Down", "service": "shop"}}],
    });
    let answer = post_alerts(&web.url, &token, alert.to_string()).await;
    assert_eq!(answer.unwrap().status, 202);
    let pages = until("a page and its retry", async || {
        let pages = sink.on("/pages");
        (pages.len() == 2).then_some(pages)
    })
    .await;
    for page in &pages {
        let expected = json!({
            "team": "storage-oncall", "text": "[firing] Down shop", "resolved": false,
            "incident": "g",
        });
        assert_eq!(page.json, expected);
        assert_eq!(page.headers["authorization"], "Bearer k3y");
    }
    let key = |at: usize| &pages[at].headers["idempotency-key"];
    assert_eq!(key(0), key(1), "a retry is the same page");
    until("the end of the delivery", async || {
        let alerts = installation.ok(&["alerts", "list", "--format", "json"]);
        let alerts: Value = serde_json::from_str(&alerts).ok()?;
        (alerts[0]["sent_count"] == 1).then_some(())
    })
    .await;
    assert!(web.process.terminate().success());
}

#[test]
fn a_farm_gets_its_hosts_from_the_inventory() {
    const KEY: &str = "acme.discovery.inventory";
    let acme = installation(&format!("{KEY}: {{Farm-A: [aa, ab, ac], Farm-B: [ba]}}\n"));
    acme.load(TREE);
    assert_eq!(acme.ok(&["farm", "offers", KEY]), "Farm-A\nFarm-B\n");
    acme.ok(&["farm", "link", "web", KEY, "Farm-A"]);
    let farms: Value =
        serde_json::from_str(&acme.ok(&["farm", "list", "--format", "json"])).unwrap();
    assert_eq!(farms[0]["hosts"], 3, "{farms}");
    let gone = acme.refused(&["farm", "link", "web", KEY, "Farm-C"]);
    assert!(gone.contains("Farm-C is not in the table"), "{gone}");
}

/// Each piece of code in the text names its file in the first line, and stands there.
#[test]
fn the_code_of_the_documentation_is_that_of_the_example() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = std::fs::read_to_string(root.join("docs/PLUGINS.md")).unwrap();
    let plain = |text: &str| -> Vec<String> { text.lines().map(|l| l.trim().to_owned()).collect() };
    let pieces: Vec<&str> = page.split("```rust\n").skip(1).collect();
    assert!(pieces.len() > 5, "the pieces are found");
    for piece in pieces {
        let (file, code) = piece.split_once('\n').unwrap();
        let file = file.strip_prefix("// ").unwrap();
        let text = plain(&std::fs::read_to_string(root.join(file)).unwrap());
        let code = plain(code.split("```").next().unwrap());
        let code = code.as_slice();
        let found = text.windows(code.len()).any(|lines| lines == code);
        assert!(found, "{file} does not hold:\n{}", code.join("\n"));
    }
}
