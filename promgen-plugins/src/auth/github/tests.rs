use promgen_core::config::parse;
use promgen_core::testing::{AuthCase, RecordingAuthContext, block_on};
use serde_json::json;

use super::*;

const CALLBACK: &str = "https://promgen.example.com/complete/github/";

fn settings(more: &str) -> Settings {
    let section = format!("{{client_id: me, client_secret: s3cret-client{more}}}");
    parse(&format!("{SECTION}: {section}")).unwrap().settings
}

promgen_core::auth_contract!(GITHUB, AuthCase::new(settings("")).hiding("s3cret-client"));

/// GitHub as it answers somebody who is Maria.
fn maria() -> RecordingAuthContext {
    let token = json!({"access_token": "gho_x", "token_type": "bearer", "scope": "user:email"});
    let user = json!({"id": 4711, "login": "maria", "name": "Maria de Souza", "email": null});
    let emails = json!([
        {"email": "old@example.com", "primary": false, "verified": true, "visibility": null},
        {"email": "maria@example.com", "primary": true, "verified": true, "visibility": "public"},
    ]);
    RecordingAuthContext::new()
        .at(
            "https://github.com/login/oauth/access_token",
            200,
            &token.to_string(),
        )
        .at("https://api.github.com/user", 200, &user.to_string())
        .at(
            "https://api.github.com/user/emails",
            200,
            &emails.to_string(),
        )
}

fn complete(settings: &Settings, context: &RecordingAuthContext) -> Result<Identity, AuthError> {
    let driver = GitHub::new(settings).unwrap();
    let begun = block_on(driver.begin(context, CALLBACK)).unwrap();
    let url = Url::parse(&begun.url).unwrap();
    let sent: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
    assert_eq!(sent["redirect_uri"], CALLBACK);
    let query = BTreeMap::from([
        ("state".to_owned(), sent["state"].clone()),
        ("code".to_owned(), "c0de".to_owned()),
    ]);
    block_on(driver.complete(context, CALLBACK, &query, &begun.kept))
}

#[test]
fn a_person_is_known_by_their_number() {
    let context = maria();
    let identity = complete(&settings(""), &context).unwrap();
    assert_eq!(identity.issuer, "https://github.com");
    assert_eq!(identity.subject, "4711");
    assert_eq!(identity.username, "maria");
    assert_eq!(identity.email, "maria@example.com");
    assert!(identity.email_verified);
    assert_eq!(identity.groups, None);
    let requests = context.requests();
    let exchange = String::from_utf8(requests[0].body.clone()).unwrap();
    assert!(
        exchange.contains("client_secret=s3cret-client") && exchange.contains("code_verifier=")
    );
    let bearer = ("Authorization".to_owned(), "Bearer gho_x".to_owned());
    assert!(
        requests[1..]
            .iter()
            .all(|request| request.headers.contains(&bearer))
    );
}

#[test]
fn only_members_of_the_organizations_come_in() {
    let orgs = "https://api.github.com/user/orgs?per_page=100";
    let settings = settings(", organizations: [Acme]");
    let member = maria().at(orgs, 200, r#"[{"login": "acme"}, {"login": "other"}]"#);
    let groups = complete(&settings, &member).unwrap().groups.unwrap();
    assert_eq!(groups, BTreeSet::from(["acme".to_owned()]));
    let stranger = maria().at(orgs, 200, r#"[{"login": "other"}]"#);
    let refused = complete(&settings, &stranger);
    assert!(
        matches!(refused, Err(AuthError::Refused { .. })),
        "{refused:?}"
    );
}

#[test]
fn a_code_that_is_not_taken_is_refused() {
    let complaint = r#"{"error": "bad_verification_code", "error_description": "expired"}"#;
    let context = maria().at(
        "https://github.com/login/oauth/access_token",
        200,
        complaint,
    );
    let refused = complete(&settings(""), &context).unwrap_err();
    assert_eq!(
        refused,
        AuthError::refused("no token for the code: bad_verification_code")
    );
}

#[test]
fn an_enterprise_server_is_another_issuer() {
    let section = ", url: 'https://git.example.com/', api_url: 'https://git.example.com/api/v3/'";
    let driver = GitHub::new(&settings(section)).unwrap();
    assert_eq!(driver.url, "https://git.example.com");
    assert_eq!(driver.api, "https://git.example.com/api/v3");
}
