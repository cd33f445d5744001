//! S23: what lies in the database lets nobody in.

use promgen_core::app::{Actor, tokens};
use promgen_core::model::Scope;

use super::World;
use super::world::PASSWORD;

#[tokio::test(flavor = "multi_thread")]
async fn s23_the_database_holds_no_session_no_token_and_no_password() {
    let world = World::start("").await;
    world.user("maria", Some(PASSWORD)).await;
    let operator = Actor::operator("test");
    let token = tokens::create(&world.app, &operator, "maria", vec![Scope::Read], None).await;
    let token = token.unwrap().text.reveal().clone();
    let mut browser = world.browser();
    browser.log_in("maria", PASSWORD).await;
    assert!(browser.is_in().await);
    let session = browser.cookie("promgen_session").to_owned();
    let form_token = browser.cookie("csrftoken").to_owned();
    assert_eq!(session.len(), 64, "256 bits");
    let folder = world.finish().await;
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        bytes.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    let text = String::from_utf8_lossy(&bytes).to_lowercase();
    assert!(
        text.contains("maria") && text.contains("$argon2id$"),
        "this is the database"
    );
    let raw = |hex: &str| -> Vec<u8> {
        let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        (0..hex.len()).step_by(2).map(byte).collect()
    };
    for secret in [session.as_str(), &form_token, &token, &token[3..], PASSWORD] {
        assert!(!text.contains(secret), "{secret}");
    }
    for secret in [session.as_str(), &form_token, &token[3..]] {
        let secret = raw(secret);
        let found = bytes.windows(secret.len()).any(|window| window == secret);
        assert!(!found, "the bytes of a secret");
    }
}
