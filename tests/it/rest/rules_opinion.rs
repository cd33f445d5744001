//! Rules of the REST API before promtool, where it is set.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use super::World;

/// Refuses every file with the word `unwanted`, and takes all others.
const PROGRAM: &str =
    "#!/bin/sh\nif grep -q unwanted \"$3\"; then echo \"$3: unwanted\"; exit 1; fi\n";

#[tokio::test]
async fn what_it_refuses_is_refused_and_what_it_takes_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("promtool");
    std::fs::write(&program, PROGRAM).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let world = World::with(|settings| settings.prometheus.promtool = Some(program)).await;
    let peer = world.superuser().await;
    let rules = "/rest/v2/services/1/rules";
    let unwanted = json!({"name": "Other", "clause": "unwanted == 0", "duration": "5m"});
    let refused = world.json(&peer, "POST", rules, unwanted).await.expect(400);
    assert!(refused["clause"].is_array(), "{refused}");
    let change = json!({"clause": "unwanted == 0"});
    let refused = world.json(&peer, "PATCH", "/rest/v2/rules/9", change).await;
    assert!(refused.expect(400)["clause"].is_array());
    let derived =
        json!({"original_rule_id": 6, "overrides": {"description": "", "clause": "unwanted"}});
    let path = "/rest/v2/services/1/rules/override";
    let refused = world.json(&peer, "POST", path, derived).await.expect(400);
    assert!(refused["clause"].is_array(), "{refused}");
    let asked = json!({"clause": "unwanted"});
    let said = world
        .json(&peer, "POST", "/rest/v2/rules/check", asked)
        .await
        .expect(200);
    assert_eq!(said["problems"][0]["field"], "clause", "{said}");
    // A function that the native parser has never heard of.
    let tomorrow = json!({"name": "T", "clause": "of_tomorrow(up) > 1", "duration": "5m"});
    let made = world.json(&peer, "POST", rules, tomorrow).await.expect(201);
    assert_eq!(made["warnings"][0]["field"], "clause", "{made}");
    let path = format!("/rest/v2/rules/{}", made["id"]);
    assert_eq!(world.get(&peer, &path).await.expect(200), made);
    // Whoever may not write a rule does not have the program run.
    let nobody = world.person("vera").await;
    let change = json!({"clause": "unwanted == 0"});
    world
        .json(&nobody, "PATCH", "/rest/v2/rules/9", change)
        .await
        .expect(403);
}
