//! S3: everything goes out by one door, and what comes back in by it is not for everybody.

use std::sync::Arc;

use promgen_core::app::{Actor, App, AppError, Options, SchemaPolicy, alerts, tokens, users};
use promgen_core::config::{DatabaseUrl, Settings};
use promgen_core::model::{AlertId, Scope, Secret, SystemClock};
use promgen_core::plugin::Registry;
use promgen_core::store::Create;
use promgen_tests::promgen::QUICK;
use promgen_tests::sink::{Behaviour, Sink};

use crate::deliveries::{World, last_message};
use crate::invariants::{offenders, root, sources};

#[test]
fn s3_connections_are_made_in_the_client_and_to_the_mail_server_alone() {
    let sources = sources();
    let doors: [(&[&str], &[&str]); 5] = [
        (&["reqwest::"], &["promgen-core/src/egress/"]),
        (
            &["lookup_host", "ToSocketAddrs"],
            &["promgen-core/src/egress/resolver.rs"],
        ),
        (
            &["AsyncSmtpConnection", "SmtpTransport"],
            &["promgen-plugins/src/notify/smtp.rs"],
        ),
        (
            &[
                "TcpStream::connect",
                "UdpSocket",
                "TcpSocket",
                "hyper_util::client",
                "hyper::client",
            ],
            &[],
        ),
        (
            &["Command::new("],
            &["promgen-core/src/app/promtool.rs", "promgen-cli/src/demo/"],
        ),
    ];
    for (words, allowed) in doors {
        let found = offenders(&sources, words, allowed);
        assert_eq!(found, Vec::<String>::new(), "{words:?}");
    }
}

#[test]
fn s3_no_other_client_is_linked_by_what_talks_to_the_world() {
    for member in ["promgen-plugins", "promgen-http", "promgen-cli"] {
        let manifest = std::fs::read_to_string(root().join(member).join("Cargo.toml")).unwrap();
        let own = manifest.split("[dev-dependencies]").next().unwrap();
        for client in ["reqwest", "ureq", "curl", "isahc", "surf", "tungstenite"] {
            let named = own
                .lines()
                .any(|line| line.trim_start().starts_with(client));
            assert!(!named, "{member} links {client}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_of_what_a_receiver_answers_one_short_line_is_kept() {
    let sink = Sink::start().await;
    sink.behave("/x", Behaviour::Echo(404));
    let url = sink.url("/x");
    let sender = format!("{{driver: promgen.notification.webhook, value: '{url}'}}");
    let world = World::new(QUICK, &sender).await;
    world.post().await;
    let deliveries = world.ended(1).await;
    let said = last_message(&deliveries[0]);
    assert!(said.starts_with("HTTP 404: no /x"), "{said}");
    assert!(
        said.chars().count() < 250 && !said.contains(['\r', '\n']),
        "{said}"
    );
}

#[tokio::test]
async fn s3_what_receivers_answered_is_not_for_those_who_hand_in_alerts() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}/promgen.db", folder.path().display());
    let settings = Settings {
        database: DatabaseUrl(Secret::new(database)),
        ..Settings::default()
    };
    let options = Options {
        settings,
        registry: Registry::linked().unwrap(),
        clock: Arc::new(SystemClock),
        create: Create::IfMissing,
        schema: SchemaPolicy::Migrate,
    };
    let app = App::open(options).await.unwrap();
    let operator = Actor::operator("test");
    let made = users::create_superuser(&app, &operator, "am", "", None).await;
    made.unwrap();
    let made = tokens::create(&app, &operator, "am", vec![Scope::Alerts], None).await;
    made.unwrap();
    let (token, user) = tokens::list(&app, &operator).await.unwrap().remove(0);
    for actor in [Actor::Anonymous, Actor::Token { token, user }] {
        let refused = alerts::show(&app, &actor, AlertId(1)).await;
        let refused = refused.expect_err("no right to read");
        assert!(
            matches!(
                refused,
                AppError::Unauthenticated | AppError::Forbidden { .. }
            ),
            "{refused}"
        );
    }
    app.close().await;
}
