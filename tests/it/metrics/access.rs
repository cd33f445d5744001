//! Who may read the metrics.

use promgen_tests::http::{client, get, send};

use super::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn metrics_are_for_tokens_that_may_read() {
    let world = World::new(None, "").await;
    let web = world.installation.web(&["--no-worker"]).await;
    let url = format!("{}/metrics", web.url);
    assert_eq!(get(&url).await.unwrap().status, 401);
    for (token, status) in [(&world.poster, 403), (&world.reader, 200)] {
        let answer = send(client().get(&url).bearer_auth(token)).await.unwrap();
        assert_eq!(answer.status, status);
        if status == 200 {
            assert_eq!(
                answer.headers["content-type"],
                "text/plain; version=0.0.4; charset=utf-8"
            );
            assert_eq!(answer.headers["cache-control"], "no-store");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_opens_them_to_everybody() {
    let world = World::new(None, "metrics: {anonymous: true}\n").await;
    let web = world.installation.web(&["--no-worker"]).await;
    let answer = get(&format!("{}/metrics", web.url)).await.unwrap();
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains("promgen_build_info{"));
}
