//! Answers of every kind, and settings that cannot be.

use promgen_core::testing::{
    RecordingDiscoveryContext, discovery_keeps_the_contract, http_discovery_keeps_the_contract,
};

use super::*;

const ONE: &str = "http://user:s3cret@one.example.com/sd?token=s3cret";
const TWO: &str = "https://two.example.com/sd";

/// A source with these settings; JSON is YAML.
fn source(section: &str) -> Result<Http, PluginError> {
    let mut settings = Settings::default();
    let section = serde_saphyr::from_str(section).unwrap();
    settings.plugins.insert(SECTION.to_owned(), section);
    Http::new(&settings)
}

fn both() -> Http {
    let headers = "headers: {Authorization: Bearer s3cret}";
    source(&format!("url: ['{ONE}', '{TWO}']\n{headers}\n")).unwrap()
}

fn context() -> RecordingDiscoveryContext {
    let one = r#"[{"targets": ["a:9100"], "labels": {"farm": "web", "dc": "x"}}]"#;
    let two =
        r#" [{"targets": ["b:1", "[::1]:1"], "labels": {"farm": "web"}}, {"targets": ["c"]}]"#;
    RecordingDiscoveryContext::new()
        .at(ONE, 200, one)
        .at(TWO, 200, two)
}

#[tokio::test]
async fn hosts_come_from_all_addresses() {
    let (source, context) = (both(), context());
    let hosts = source.fetch(&context, "web").await.unwrap();
    assert_eq!(hosts, ["[::1]", "a", "b"]);
    let sent = context.requests();
    assert_eq!(sent.len(), 2);
    let bearer = ("Authorization".to_owned(), "Bearer s3cret".to_owned());
    assert!(sent.iter().all(|request| request.headers.contains(&bearer)));
    assert_eq!(source.farms(&context).await.unwrap(), ["default", "web"]);
}

#[tokio::test]
async fn the_label_of_the_farm_can_be_another() {
    let source = source(&format!("url: '{ONE}'\nfarm_label: dc\n")).unwrap();
    assert_eq!(source.farms(&context()).await.unwrap(), ["x"]);
}

#[tokio::test]
async fn the_source_keeps_the_contract() {
    discovery_keeps_the_contract(&both(), &context()).await;
    http_discovery_keeps_the_contract(&both(), &["s3cret"]).await;
}

#[tokio::test]
async fn one_address_that_fails_fails_the_others_too() {
    let context = context().at(TWO, 503, "");
    let error = both().fetch(&context, "web").await.unwrap_err();
    assert!(error.message.starts_with(TWO), "{error}");
}

#[tokio::test]
async fn an_error_names_address_status_place_and_remedy() {
    for (status, body, parts) in [
        (404, "", ["HTTP 404", "url"]),
        (403, "", ["HTTP 403", "headers"]),
        (302, "", ["HTTP 302", "final address"]),
        (200, " <html>", ["HTML", "login"]),
        (200, "[\n{\"targets\": 7}]", ["line 2 column", "http_sd"]),
        (200, "{}", ["invalid type: map", "list of groups"]),
        (200, "[{\"labels\": {}}]", ["`targets`", "mend"]),
    ] {
        let context = context().at(ONE, status, body);
        let error = both().farms(&context).await.unwrap_err().message;
        let shown = "http://one.example.com/sd: ";
        assert!(error.starts_with(shown), "{error}");
        let told = parts.iter().all(|part| error.contains(part));
        assert!(told, "{parts:?}: {error}");
    }
}

#[tokio::test]
async fn without_an_address_it_says_what_to_set() {
    let source = Http::new(&Settings::default()).unwrap();
    let error = source.fetch(&context(), "web").await.unwrap_err();
    assert!(error.message.contains("promgen.discovery.http: url"));
}

#[test]
fn settings_that_cannot_be_are_refused_without_their_values() {
    for (section, part) in [
        ("url: ftp://s3cret/", "url"),
        ("url: s3cret", "url"),
        ("url: [7]", "url"),
        ("urls: x", "\"urls\""),
        ("[s3cret]", "mapping"),
        ("headers: [s3cret]", "headers"),
        ("headers: {A: [s3cret]}", "headers"),
        ("headers: {A: \"s3cret\\n\"}", "headers"),
        ("headers: {'A B': s3cret}", "headers"),
        ("farm_label: 'a b'", "farm_label"),
    ] {
        let error = source(section).unwrap_err();
        assert_eq!(error.key, SECTION);
        assert!(error.message.contains(part), "{section}: {error}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
        assert!(!error.remedy.is_empty());
    }
}
