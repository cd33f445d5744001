//! S16: what stands in a query is a value, whatever it looks like (ccfos/nightingale#3148), and
//! nobody unknown asks the database anything or changes it.

use http::Method;
use promgen_core::app::policy::{Act, Need};
use promgen_http::route_rows;
use serde_json::Value;
use url::form_urlencoded::byte_serialize;

use super::world::World;

/// Values that end a literal, a statement or a pattern, and such that no column can hold.
const VALUES: [&str; 8] = [
    "' OR '1'='1",
    "'; DROP TABLE service; --",
    "\" OR \"\"=\"",
    "\\' OR 1=1 -- ",
    "%",
    "\0",
    "$1",
    "9999999999999999999999999",
];

/// Every parameter of every list, as the document names them.
async fn parameters(world: &World) -> Vec<(String, String)> {
    let peer = world.superuser().await;
    let document = world.get(&peer, "/rest/v2/schema?format=json").await.body;
    let mut found = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        let parameters = operations["get"]["parameters"].as_array();
        let in_query = |one: &&Value| one["in"] == "query";
        for one in parameters.into_iter().flatten().filter(in_query) {
            found.push((path.clone(), one["name"].as_str().unwrap().to_owned()));
        }
    }
    found
}

#[tokio::test]
async fn s16_filters_are_values_and_never_parts_of_statements() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let services = world.get(&peer, "/rest/v2/services").await;
    let parameters = parameters(&world).await;
    assert!(parameters.len() > 10, "{parameters:?}");
    for (path, name) in parameters {
        let path = path.replace("{source}", "promgen").replace(['{', '}'], "");
        let path = path.replace("/id", "/1");
        for value in VALUES {
            let value: String = byte_serialize(value.as_bytes()).collect();
            let asked = format!("{path}?{name}={value}");
            let answer = world.get(&peer, &asked).await;
            // Nothing has such a name; a filter that matched would be a broken one.
            let empty = answer.body["count"].as_u64().is_none_or(|count| count == 0);
            let passed_over = ["page_size", "page_number", "format"].contains(&name.as_str());
            assert!(
                answer.status < 500,
                "{asked}: {} {}",
                answer.status,
                answer.body
            );
            assert!(
                answer.status != 200 || empty || passed_over,
                "{asked}: {}",
                answer.body
            );
        }
    }
    assert_eq!(world.get(&peer, "/rest/v2/services").await, services);
}

#[test]
fn s16_nobody_unknown_may_change_anything() {
    for row in route_rows() {
        // Logging in changes nothing but who somebody is.
        let open = matches!(row.act.need(), Need::Nothing) && row.act != Act::LogIn;
        assert!(
            !open || row.method == Method::GET,
            "{} {}",
            row.method,
            row.path
        );
    }
}
