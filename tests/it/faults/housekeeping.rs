//! What has been kept for long enough goes by itself.

use promgen_tests::promgen::QUICK;
use promgen_tests::wait::until;

use super::shop::Shop;

/// More than one batch, of which each removes 500.
const ROWS: i64 = 620;

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_removes_what_is_old_batch_by_batch() {
    const ALERTS: &str = "SELECT COUNT(*) FROM alert";
    const AUDIT: &str = "SELECT COUNT(*) FROM audit";
    let settings = format!("{QUICK}keep: {{alerts: 1ms, audit: 1ms}}\n");
    let shop = Shop::unheard(&settings).await;
    let hosts: Vec<String> = (0..ROWS).map(|number| format!("host-{number}")).collect();
    shop.installation.load(&format!(
        "promgen: 1\nfarms: [{{name: wide, hosts: [{}]}}]\n",
        hosts.join(", ")
    ));
    let web = shop.installation.web(&["--no-worker"]).await;
    shop.accept(&web, 0..usize::try_from(ROWS).unwrap()).await;
    assert_eq!(shop.number(ALERTS).await, ROWS);
    assert!(shop.number(AUDIT).await >= ROWS);

    let worker = shop.installation.worker(&[]);
    for query in [AUDIT, ALERTS] {
        until(query, async || {
            (shop.number(query).await == 0).then_some(())
        })
        .await;
    }
    until("a word about it", async || {
        let told = format!("\"removed\":{ROWS}");
        worker.log().contains(&told).then_some(())
    })
    .await;
}
