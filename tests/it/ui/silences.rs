//! `/silence` and `/alert/active`, against a real Alertmanager.

use promgen_core::model::{Role, RoleOn, ServiceId};
use promgen_tests::http::{client, get, send};
use promgen_tests::prometheus::{Server, alertmanager};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::Pages as _;
use crate::rest::world::World;

/// Everything goes nowhere.
const ROUTE: &str = "route: {receiver: none}\nreceivers: [{name: none}]\n";

/// A world with an Alertmanager.
pub(super) struct Quiet {
    pub(super) world: World,
    manager: Server,
    _folder: TempDir,
}

impl Quiet {
    /// `None` where Alertmanager is not installed.
    pub(super) async fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let manager = alertmanager(folder.path(), ROUTE).await?;
        let urls = vec![manager.url()];
        let world = World::with(|settings| {
            settings.alertmanager.urls = urls;
            settings.permissions.default_role = None;
        });
        Some(Self {
            world: world.await,
            manager,
            _folder: folder,
        })
    }

    pub(super) async fn fire(&self, labels: Value) {
        let url = format!("{}/api/v2/alerts", self.manager.url());
        let annotations = json!({"summary": "see http://wiki.example/full"});
        let body = json!([{"labels": labels, "annotations": annotations}]).to_string();
        let request = client()
            .post(url)
            .header("content-type", "application/json");
        assert_eq!(send(request.body(body)).await.unwrap().status, 200);
    }

    /// Its silences that are not over.
    pub(super) async fn silences(&self) -> Vec<Value> {
        let url = format!("{}/api/v2/silences", self.manager.url());
        let all: Vec<Value> = serde_json::from_slice(&get(&url).await.unwrap().body).unwrap();
        let running = all.into_iter();
        running
            .filter(|one| one["status"]["state"] != "expired")
            .collect()
    }
}

pub(super) fn form<'a>(value: &'a str, duration: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("matchers-TOTAL_FORMS", "3"),
        ("matchers-0-name", "service"),
        ("matchers-0-operator", "="),
        ("matchers-0-value", value),
        ("matchers-1-name", "instance"),
        ("matchers-1-operator", "!~"),
        ("matchers-1-value", "a.*"),
        ("duration", duration),
        ("startsAt", ""),
        ("endsAt", ""),
        ("comment", "deploy of http://wiki.example/x <b>"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
#[expect(
    clippy::too_many_lines,
    reason = "one story, told from its beginning to its end"
)]
async fn a_silence_is_made_changed_and_ended_by_forms() {
    let Some(quiet) = Quiet::start().await else {
        return;
    };
    let world = &quiet.world;
    let on = RoleOn::Service(ServiceId(1));
    let viewer = world.with_role("viewer-of-one", Role::Viewer, on).await;
    let editor = world.with_role("editor-of-one", Role::Editor, on).await;
    assert!(
        world
            .page(&editor, "/silence")
            .await
            .shown()
            .says("Nothing is silenced.")
    );

    let refused = world
        .submit(&editor, "/silence/new", &form("svc-000", "soon"))
        .await
        .shown();
    assert!(
        refused.html.contains("id_duration_problems") && refused.html.contains("value=\"svc-000\"")
    );
    let refused = world
        .submit(&editor, "/silence/new", &form("svc.001", "1h"))
        .await
        .shown();
    assert!(
        refused.says("Only a superuser may silence alerts of other services"),
        "{}",
        refused.text()
    );
    let refused = world
        .submit(&viewer, "/silence/new", &form("svc-000", "1h"))
        .await
        .shown();
    assert!(
        refused.says(
            "You do not have permission to silence alerts for the following services: svc-000."
        )
    );
    assert_eq!(quiet.silences().await.len(), 0);

    let made = world
        .submit(&editor, "/silence/new", &form("svc-000", "1h"))
        .await;
    assert_eq!(made.leads(), "/silence");
    let there = quiet.silences().await;
    assert_eq!(there[0]["matchers"].as_array().unwrap().len(), 2);
    assert_eq!(there[0]["createdBy"], "editor-of-one");
    let id = there[0]["id"].as_str().unwrap();
    let (edit, expire) = (
        format!("/silence/{id}/edit"),
        format!("/silence/{id}/expire"),
    );

    let listed = world.page(&editor, "/silence").await.shown();
    assert!(listed.says("!~a.*") && listed.says("<b>") && listed.links_to("http://wiki.example/x"));
    assert!(listed.links_to(&edit) && listed.links_to(&expire));
    let seen = world.page(&viewer, "/silence").await.shown();
    assert!(seen.says("svc-000") && !seen.links_to(&edit));
    assert!(
        world
            .page(&editor, "/silence?service=svc-000")
            .await
            .shown()
            .html
            .contains(&format!("href=\"{edit}?next="))
    );
    assert!(
        !world
            .page(&editor, "/silence?service=other")
            .await
            .shown()
            .html
            .contains(&edit)
    );
    for (query, found) in [
        ("search=DEPLOY", true),
        ("search=svc-000&state=active&mine=on", true),
        ("search=elsewhere", false),
        ("state=pending", false),
    ] {
        let page = world.page(&editor, &format!("/silence?{query}")).await;
        assert_eq!(page.shown().html.contains(&edit), found, "{query}");
    }
    let mine = world.page(&viewer, "/silence?mine=on").await.shown();
    assert!(!mine.says("!~a.*") && mine.says("No silence fits"));
    let service = world.page(&editor, "/service/1").await.shown();
    assert!(
        service.says("Active silences")
            && service.links_to(&format!("{expire}?next=%2Fservice%2F1")),
        "{}",
        service.text()
    );
    let services = world.page(&viewer, "/service").await.shown();
    assert!(
        services.says("no active alert 1 silence") && services.links_to("/service/1#silences"),
        "{}",
        services.text()
    );

    let shown = world.page(&editor, &edit).await.shown();
    assert!(shown.html.contains("value=\"a.*\"") && shown.posts_to(&edit));
    let saved = world.submit(&editor, &edit, &form("svc-000", "2h")).await;
    assert_eq!(saved.leads(), "/silence");
    let there = quiet.silences().await;
    assert_eq!(there.len(), 1);
    let id = there[0]["id"].as_str().unwrap();
    let expire = format!("/silence/{id}/expire");
    let asked = world.page(&editor, &expire).await.shown();
    assert!(asked.says("Expire this silence?") && asked.says("instance!~a.*"));
    world.submit(&viewer, &expire, &[]).await.leads();
    assert_eq!(quiet.silences().await.len(), 1, "a viewer ends none");
    assert_eq!(
        world.submit(&editor, &expire, &[]).await.leads(),
        "/silence"
    );
    assert_eq!(quiet.silences().await.len(), 0);
    assert!(
        world
            .page(&editor, "/silence?state=expired")
            .await
            .shown()
            .says("expired")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_shows_what_it_would_hide() {
    let Some(quiet) = Quiet::start().await else {
        return;
    };
    let world = &quiet.world;
    let superuser = world.superuser().await;
    let on = RoleOn::Service(ServiceId(1));
    let viewer = world.with_role("viewer-of-one", Role::Viewer, on).await;
    quiet
        .fire(json!({"alertname": "Full", "service": "svc-000", "instance": "b:9100"}))
        .await;
    quiet
        .fire(json!({"alertname": "Down", "service": "svc-000", "instance": "a:9100"}))
        .await;
    quiet
        .fire(json!({"alertname": "Else", "service": "svc.001", "instance": "b:9100"}))
        .await;
    let page = world
        .submit(&superuser, "/silence/preview", &form("svc-000", "1h"))
        .await
        .shown();
    assert!(
        page.says("It would hide 1 alert that fires now."),
        "{}",
        page.text()
    );
    assert!(page.says("Full") && !page.says("Down") && page.links_to("http://wiki.example/full"));
    assert!(page.posts_to("/silence/new"), "the form is there to go on");
    let page = world
        .submit(&viewer, "/silence/preview", &form("svc-000", "1h"))
        .await
        .shown();
    assert!(
        page.says("You do not have permission to silence"),
        "{}",
        page.text()
    );
    assert!(quiet.silences().await.is_empty(), "nothing is made");

    let active = world.page(&superuser, "/alert/active").await.shown();
    assert!(
        active.says("Full") && active.says("Down") && active.says("Else"),
        "{}",
        active.text()
    );
    let seen = world.page(&viewer, "/alert/active").await.shown();
    assert!(seen.says("Full") && !seen.says("Else"));
    assert!(
        !seen.html.contains("/silence/new?"),
        "a viewer silences nothing"
    );
    let some = world
        .page(&superuser, "/alert/active?alertname=Down")
        .await
        .shown();
    assert!(some.says("Down") && !some.says("Full"));
    let badges = world.get(&viewer, "/badges").await.expect(200);
    assert_eq!(badges, json!({"alerts": 2, "silences": 0}));
    let service = world.page(&superuser, "/service/2").await.shown();
    assert!(service.says("Active alerts") && service.says("Else") && !service.says("Full"));
}

#[tokio::test]
async fn a_link_fills_in_the_form() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let query = "?service=svc-000&instance=a.b%3A9100&instance=c%3A%5B0-9%5D*&project=%3Cb%3E";
    let page = world
        .page(&superuser, &format!("/silence/new{query}"))
        .await
        .shown();
    for value in ["svc-000", r"a\.b:9100|c:[0-9]*", "&#60;b&#62;"] {
        assert!(
            page.html.contains(&format!("value=\"{value}\"")),
            "{value}: {}",
            page.html
        );
    }
    assert_eq!(
        page.html.matches("<option value=\"=~\" selected>").count(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_alertmanager_that_hangs_hides_nothing_of_the_other() {
    let Some(quiet) = Quiet::start().await else {
        return;
    };
    quiet
        .fire(json!({"alertname": "Down", "service": "svc-000"}))
        .await;
    // Takes connections and says nothing.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let urls = vec![
        format!("http://{}", silent.local_addr().unwrap()),
        quiet.manager.url(),
    ];
    let world = World::with(|settings| settings.alertmanager.urls = urls).await;
    let superuser = world.superuser().await;
    let page = world.page(&superuser, "/alert/active").await.shown();
    assert!(page.says("Down") && page.says("svc-000"), "{}", page.text());
    assert!(page.says(&silent.local_addr().unwrap().to_string()));
    // Without the other, nobody knows whether nothing fires.
    let urls = vec![format!("http://{}", silent.local_addr().unwrap())];
    let world = World::with(|settings| settings.alertmanager.urls = urls).await;
    let superuser = world.superuser().await;
    let page = world.page(&superuser, "/alert/active").await.shown();
    assert!(page.says("What fires is not known at the moment."));
}

#[tokio::test]
async fn without_an_alertmanager_pages_say_so_and_stay() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    assert!(
        world
            .page(&superuser, "/silence")
            .await
            .shown()
            .says("no Alertmanager is configured")
    );
    assert!(
        world
            .page(&superuser, "/alert/active")
            .await
            .shown()
            .says("No Alertmanager is configured")
    );
    let badges = world.get(&superuser, "/badges").await.expect(200);
    assert_eq!(badges, json!({"alerts": null, "silences": null}));
    let world = World::with(|settings| {
        settings.alertmanager.urls = vec!["http://127.0.0.1:1".to_owned()];
    });
    let world = world.await;
    let superuser = world.superuser().await;
    for path in ["/silence", "/alert/active", "/service/1"] {
        assert!(
            world
                .page(&superuser, path)
                .await
                .shown()
                .says("127.0.0.1:1"),
            "{path}"
        );
    }
    let kept = world
        .submit(&superuser, "/silence/new", &form("svc-000", "1h"))
        .await
        .shown();
    assert!(
        kept.html.contains("value=\"svc-000\"") && kept.says("gave no answer"),
        "{}",
        kept.text()
    );
}
