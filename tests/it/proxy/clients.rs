//! Prometheus' own client, the one that is in `promtool`, asks Promgen.

use promgen_tests::process::command;
use promgen_tests::prometheus::promtool;

use super::world::{Past, World};

/// What `promtool query` prints, without its order.
async fn printed(url: &str, kind: &str, arguments: &[String]) -> Vec<String> {
    let mut all = vec!["query".to_owned(), kind.to_owned()];
    all.extend(arguments.iter().map(|one| one.replace("URL", url)));
    let program = promtool().unwrap();
    let running = tokio::task::spawn_blocking(move || command(&program, &all).output().unwrap());
    let done = running.await.unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "{kind} {arguments:?}: {said}");
    let text = String::from_utf8(done.stdout).unwrap();
    let mut lines: Vec<String> = text.lines().map(ToOwned::to_owned).collect();
    lines.sort();
    lines
}

#[tokio::test(flavor = "multi_thread")]
async fn promtool_sees_no_difference_between_promgen_and_prometheus() {
    let past = Past::new();
    let (east, west) = (
        [r#"load{service="a",instance="1"}"#],
        [r#"load{service="b",instance="2"}"#],
    );
    let (Some(one), Some(two), Some(all)) = (
        past.server(&east).await,
        past.server(&west).await,
        past.server(&[east, west].concat()).await,
    ) else {
        return;
    };
    let urls = [one.0.url(), two.0.url()];
    let world = World::with(&urls, |settings| settings.proxy.anonymous = true).await;
    let (end, start) = (past.end, past.end - 600);
    let time = format!("--time={end}");
    let (from, to) = (format!("--start={start}"), format!("--end={end}"));
    let own = |texts: &[&str]| {
        texts
            .iter()
            .map(|text| (*text).to_owned())
            .collect::<Vec<_>>()
    };
    for (kind, arguments) in [
        ("instant", own(&[&time, "URL", "load"])),
        ("instant", own(&[&time, "URL", "load[5m]"])),
        ("instant", own(&[&time, "URL", "1 + 1"])),
        ("range", own(&[&from, &to, "--step=1m", "URL", "load * 2"])),
        ("series", own(&[&from, &to, "--match=load", "URL"])),
        ("labels", own(&[&from, &to, "URL", "service"])),
    ] {
        let wanted = printed(&all.0.url(), kind, &arguments).await;
        assert!(!wanted.is_empty(), "{kind}");
        let found = printed(world.url(), kind, &arguments).await;
        assert_eq!(found, wanted, "{kind} {arguments:?}");
    }
}
