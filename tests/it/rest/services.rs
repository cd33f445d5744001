//! `/rest/v2/services`

use super::{World, recorded};

#[tokio::test]
async fn lists_are_those_of_the_original() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    for path in ["/rest/v2/services", "/rest/v2/services?name=svc-"] {
        let ours = world.get(&peer, path).await;
        assert_eq!(ours, recorded(&format!("GET {path}")), "{path}");
    }
}
