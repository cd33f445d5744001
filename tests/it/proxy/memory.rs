//! What shards send does not decide how much memory is taken.

use promgen_tests::http::{client, send};
use promgen_tests::promgen::Installation;
use promgen_tests::shard::{Answers, FakeShard};

const MIB: usize = 1024 * 1024;

#[tokio::test(flavor = "multi_thread")]
async fn shards_that_send_gigabytes_cost_no_more_than_the_setting() {
    let shards = [
        FakeShard::start(Answers::Large(200 * MIB)).await,
        FakeShard::start(Answers::Large(200 * MIB)).await,
    ];
    let settings = "proxy: {anonymous: true, max_bytes: 16777216}\n";
    let installation = Installation::new(None, settings);
    let [one, two] = shards.each_ref().map(FakeShard::url);
    installation.load(&format!(
        "promgen: 1\nshards: [{{name: one, url: '{one}', proxy: true}}, \
         {{name: two, url: '{two}', proxy: true}}]\n"
    ));
    let web = installation.web(&["--no-worker"]).await;
    let before = web.process.peak_memory();
    let ask = || send(client().get(format!("{}/api/v1/query?query=up", web.url)));
    for answer in futures_util::future::join_all((0..8).map(|_| ask())).await {
        let answer = answer.unwrap();
        assert!(matches!(answer.status, 502 | 503), "{}", answer.text());
    }
    let more = web.process.peak_memory() - before;
    // Four times the setting for all requests, as much again while buffers grow, and as much as both
    // that was freed: the allocator gives that back after a second, and all of this takes less. What
    // was sent is 3200 MiB.
    assert!(more < 16 * 16 * MIB, "{} MiB more", more / MIB);
    for shard in &shards {
        assert!(shard.asked().len() >= 8);
    }
}
