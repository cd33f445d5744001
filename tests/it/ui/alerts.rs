//! `/alert`: what came, who was told and why others were not.

use promgen_core::app::{hours, intake};
use promgen_core::model::{
    AlertId, Attempt, AttemptId, AttemptOutcome, DeliveryState, Role, RoleOn, Sender, SenderId,
    ServiceId, Timestamp,
};
use promgen_core::store::{AlertTally, DeliveryTally, Finished, Lease, Names, Tallied};
use serde_json::{Value, json};

use super::Pages as _;
use crate::rest::world::{Person, World, operator};

/// What Alertmanager would post about one alert with these labels.
fn message(status: &str, labels: &Value, annotations: &Value) -> Value {
    json!({
        "version": "4", "status": status, "receiver": "promgen", "groupKey": labels.to_string(),
        "groupLabels": {"service": labels["service"]}, "commonLabels": labels,
        "commonAnnotations": annotations, "externalURL": "http://alertmanager.example/",
        "alerts": [{
            "status": status, "labels": labels, "annotations": annotations,
            "startsAt": "2026-01-02T03:04:05Z", "generatorURL": "http://prometheus.example/graph",
        }],
    })
}

async fn post(world: &World, labels: &Value) {
    post_whole(
        world,
        &message(
            "firing",
            labels,
            &json!({"summary": "see http://wiki.example/x"}),
        ),
    )
    .await;
}

async fn post_whole(world: &World, message: &Value) {
    let body = message.to_string().into_bytes();
    intake::accept(&world.app, &operator(), body.into())
        .await
        .unwrap();
}

/// The ids of the alerts on a page, in its order.
async fn listed(world: &World, who: &Person, query: &str) -> Vec<i64> {
    let page = world.page(who, &format!("/alert{query}")).await.shown();
    let links = page.html.split("href=\"/alert/").skip(1);
    links
        .filter_map(|rest| rest.split('"').next()?.parse().ok())
        .collect()
}

/// Gives up a delivery, as its worker would.
async fn give_up(world: &World, alert: i64) {
    let tx = world.app.store().write_tx().await.unwrap();
    let id = tx.list_deliveries(AlertId(alert)).await.unwrap()[0].id;
    let lease = Lease {
        token: "t".to_owned(),
        until: Timestamp(i64::MAX),
    };
    let claimed = tx.claim_deliveries(&[id], &lease).await.unwrap();
    let finished = Finished {
        delivery: id,
        token: "t",
        attempt: Attempt {
            id: AttemptId(0),
            delivery: id,
            number: claimed[0].attempts,
            started: Timestamp(1000),
            took_ms: 12,
            outcome: AttemptOutcome::Permanent,
            message: "HTTP 410: <gone>".to_owned(),
        },
        state: DeliveryState::Dead,
        due: Timestamp(1000),
    };
    assert_eq!(
        tx.finish_attempts(&[finished], Timestamp(1000))
            .await
            .unwrap(),
        [true]
    );
    tx.commit().await.unwrap();
}

/// A webhook of service 1, which nobody delivers here.
async fn with_webhook() -> World {
    let world = World::golden().await;
    world
        .apply(
            "promgen: 1\nservices: [{name: svc-000, senders: [{driver: promgen.notification.webhook, \
             value: \"http://hook.example/x\", alias: on-call}]}]",
        )
        .await;
    world
}

#[tokio::test]
async fn the_history_is_filtered_by_labels_search_and_outcome() {
    let world = with_webhook().await;
    let superuser = world.superuser().await;
    assert!(
        world
            .page(&superuser, "/alert")
            .await
            .shown()
            .says("No alert has come yet")
    );
    post(
        &world,
        &json!({"service": "svc-000", "alertname": "Down", "job": "node"}),
    )
    .await;
    post(&world, &json!({"service": "svc.001", "alertname": "Full"})).await;
    post(&world, &json!({"service": "gone", "alertname": "Down"})).await;
    give_up(&world, 1).await;
    let all = async |query: &str| listed(&world, &superuser, query).await;
    assert_eq!(all("").await, [3, 2, 1]);
    assert_eq!(all("?alertname=Down").await, [3, 1]);
    assert_eq!(all("?alertname=Down&job=node").await, [1]);
    assert_eq!(all("?alertname=down").await, Vec::<i64>::new());
    assert_eq!(all("?search=SVC").await, [2, 1]);
    assert_eq!(all("?search=gone").await, [3], "by its whole name");
    assert_eq!(all("?sentError=1").await, [1]);
    assert_eq!(all("?noSent=1&alertname=Full").await, [2]);
    assert_eq!(all("?before=3").await, [2, 1]);
    let page = world
        .page(&superuser, "/alert?alertname=Down&noSent=1")
        .await
        .shown();
    // Each filter can be taken away, and the values of a row are filters too.
    assert!(page.links_to("/alert?noSent=1") && page.links_to("/alert?alertname=Down"));
    assert!(
        page.links_to("/alert?alertname=Down&#38;noSent=1&#38;service=svc-000"),
        "{}",
        page.html
    );
    assert!(
        page.says("firing") && page.says("2 entries"),
        "{}",
        page.text()
    );
}

#[tokio::test]
async fn a_label_may_be_called_like_a_filter() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    post(
        &world,
        &json!({"service": "svc-000", "page": "yes", "before": "2", "search": "x"}),
    )
    .await;
    post(&world, &json!({"service": "svc-000"})).await;
    let all = async |query: &str| listed(&world, &superuser, query).await;
    assert_eq!(all("?page=yes").await, [1]);
    assert_eq!(all("?page=no").await, Vec::<i64>::new());
    assert_eq!(all("?label.before=2&label.search=x").await, [1]);
    let page = world.page(&superuser, "/alert/1").await.shown();
    for link in ["/alert?page=yes", "/alert?label.before=2"] {
        assert!(page.links_to(link), "{link}: {}", page.html);
    }
    let page = world.page(&superuser, "/alert?label.before=2").await;
    assert!(page.shown().says("before 2 ×"));
    let none = world.page(&superuser, "/alert?sentError=1").await.shown();
    assert!(
        none.says("0 entries") && !none.says("not counted"),
        "{}",
        none.text()
    );
}

#[tokio::test]
async fn a_split_message_tells_which_part_went_where() {
    let world = with_webhook().await;
    let superuser = world.superuser().await;
    let mut posted = message("firing", &json!({"alertname": "Down"}), &json!({}));
    let alert = posted["alerts"][0].clone();
    let of = |labels: Value| {
        let mut alert = alert.clone();
        alert["labels"] = labels;
        alert
    };
    posted["alerts"] = json!([
        of(json!({"alertname": "Down", "service": "svc-000"})),
        of(json!({"alertname": "Down", "service": "svc-000", "project": "prj-000-00"})),
        of(json!({"alertname": "Down"})),
    ]);
    post_whole(&world, &posted).await;
    give_up(&world, 1).await;
    let page = world.page(&superuser, "/alert/1").await.shown();
    let text = page.text();
    let deliveries = text.split("Deliveries").nth(1).unwrap();
    assert!(
        deliveries.contains("on-call service svc-000 project prj-000-00 Webhook"),
        "{text}"
    );
    let nameless = "It names no service and no project, so nobody could be found.";
    assert!(page.says(nameless), "{text}");
    let hook = Sender::excerpt(
        "promgen.notification.webhook",
        "http://127.0.0.1:18080/hook/s0",
    );
    assert!(page.says(&format!("{hook}: HTTP 410")), "{text}");
    assert!(page.says("3 recipients were chosen"), "{text}");
    assert!(page.says("failed for good 12 ms HTTP 410"), "{text}");
    let japanese = world.in_japanese(&superuser, "/alert/1").await.shown();
    let text = japanese.text();
    assert!(japanese.says("恒久的な失敗 12 ms HTTP 410"), "{text}");
    assert!(japanese.says("Webhook サービス svc-000"), "{text}");
    assert!(!japanese.says("permanent"), "{text}");
}

#[tokio::test]
async fn a_page_has_twenty_alerts_and_leads_to_those_before() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    for _ in 0..22 {
        post(&world, &json!({"service": "svc-000"})).await;
    }
    let first = listed(&world, &superuser, "").await;
    assert_eq!((first.len(), first[19]), (20, 3));
    let page = world.page(&superuser, "/alert").await.shown();
    assert!(
        page.links_to("/alert?before=3") && page.says("22 entries"),
        "{}",
        page.text()
    );
    assert_eq!(listed(&world, &superuser, "?before=3").await, [2, 1]);
    let last = world.page(&superuser, "/alert?before=3").await.shown();
    assert!(last.links_to("/alert") && !last.html.contains("rel=\"next\""));
}

#[tokio::test]
async fn the_oldest_alerts_come_first_where_that_is_asked_for() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    for _ in 0..22 {
        post(&world, &json!({"service": "svc-000", "alertname": "Down"})).await;
    }
    let newest = world
        .page(&superuser, "/alert?service=svc-000&before=3")
        .await
        .shown();
    assert!(
        newest.links_to("/alert?service=svc-000&#38;sort=created"),
        "the other order begins with its first page"
    );
    let asked = "?service=svc-000&sort=created";
    let first = listed(&world, &superuser, asked).await;
    assert_eq!((first.len(), first[0], first[19]), (20, 1, 20));
    let page = world
        .page(&superuser, &format!("/alert{asked}"))
        .await
        .shown();
    assert!(page.links_to("/alert?service=svc-000&#38;after=20&#38;sort=created"));
    // Labels, chips and the search keep the order; it is no label itself.
    assert!(page.links_to("/alert?service=svc-000&#38;alertname=Down&#38;sort=created"));
    assert!(page.links_to("/alert?sort=created") && page.says("22 entries"));
    assert!(
        page.html
            .contains("<input type=\"hidden\" name=\"sort\" value=\"created\">")
    );
    let rest = format!("{asked}&after=20");
    assert_eq!(listed(&world, &superuser, &rest).await, [21, 22]);
    let last = world
        .page(&superuser, &format!("/alert{rest}"))
        .await
        .shown();
    assert!(last.says("Oldest") && !last.html.contains("rel=\"next\""));
    // Where the other end of a page stands is of no account.
    assert_eq!(listed(&world, &superuser, "?after=20").await.len(), 20);
}

#[tokio::test]
async fn one_sees_the_alerts_of_what_one_sees() {
    let world = with_webhook().await;
    let on = RoleOn::Service(ServiceId(1));
    let viewer = world.with_role("viewer-of-one", Role::Viewer, on).await;
    let nobody = world.person("nobody-special").await;
    post(&world, &json!({"service": "svc-000"})).await;
    post(&world, &json!({"service": "svc.001"})).await;
    assert_eq!(listed(&world, &viewer, "").await, [1]);
    assert_eq!(
        listed(&world, &viewer, "?service=svc.001").await,
        Vec::<i64>::new()
    );
    assert_eq!(listed(&world, &nobody, "").await, Vec::<i64>::new());
    assert_eq!(world.page(&viewer, "/alert/2").await.status, 403);
    assert_eq!(world.page(&viewer, "/alert/99").await.status, 404);
    assert!(
        world
            .page(&viewer, "/alert/1")
            .await
            .shown()
            .says("svc-000")
    );
}

#[tokio::test]
async fn the_detail_tells_why_and_sends_again() {
    let world = with_webhook().await;
    let on = RoleOn::Service(ServiceId(1));
    let viewer = world.with_role("viewer-of-one", Role::Viewer, on).await;
    let editor = world.with_role("editor-of-one", Role::Editor, on).await;
    post(
        &world,
        &json!({"service": "svc-000", "project": "nowhere", "alertname": "Down"}),
    )
    .await;
    give_up(&world, 1).await;
    let page = world.page(&editor, "/alert/1").await.shown();
    for text in [
        "on-call",
        "yes: chosen given up",
        "no: nothing has this name",
        "given up",
        "HTTP 410: <gone>",
        "12 ms",
        "Send again",
        "see http://wiki.example/x",
    ] {
        assert!(page.says(text), "{text}: {}", page.text());
    }
    assert!(!page.says("hook.example"), "the alias hides the value");
    assert!(
        page.links_to("http://wiki.example/x") && page.links_to("http://alertmanager.example/")
    );
    assert!(page.links_to("/alert?service=svc-000"));
    assert!(page.html.contains("\"generatorURL\"") || page.says("generatorURL"));
    let seen = world.page(&viewer, "/alert/1").await.shown();
    assert!(!seen.posts_to("/alert/1/again"));
    assert_eq!(
        world.submit(&viewer, "/alert/1/again", &[]).await.status,
        403
    );
    // Whoever may not silence is not led to a form that refuses them.
    assert!(page.html.contains("/silence/new?") && !seen.html.contains("/silence/new?"));
    let nonsense = [("delivery", "all")];
    let refused = world.submit(&editor, "/alert/1/again", &nonsense).await;
    assert_eq!(refused.status, 404);
    assert!(
        world
            .page(&editor, "/alert/1")
            .await
            .shown()
            .says("given up")
    );
    let sent = world.submit(&editor, "/alert/1/again", &[]).await;
    assert_eq!(sent.leads(), "/alert/1#deliveries");
    assert!(
        sent.notices().contains("1 delivery is sent again."),
        "{}",
        sent.notices()
    );
    assert!(
        world
            .page(&editor, "/alert/1")
            .await
            .shown()
            .says("waiting")
    );
}

#[tokio::test]
async fn hostile_texts_stay_texts() {
    let world = with_webhook().await;
    let superuser = world.superuser().await;
    let evil = "<script>alert(1)</script>\"'{{7*7}}\u{202e}";
    let labels = json!({"service": "svc-000", "alertname": evil, "job": "x".repeat(10_000)});
    let mut posted = message(
        "firing",
        &labels,
        &json!({"link": "javascript:alert(1)", evil: evil}),
    );
    posted["externalURL"] = json!("javascript:alert(2)");
    posted["alerts"][0]["generatorURL"] = json!("data:text/html,<script>");
    post_whole(&world, &posted).await;
    for path in [
        "/alert",
        "/alert/1",
        "/alert?search=%3Cscript%3E&%3Cb%3E=%22",
    ] {
        let page = world.page(&superuser, path).await.shown();
        assert!(!page.html.contains("<script>alert"), "{path}");
        assert!(!page.html.contains("href=\"javascript:") && !page.html.contains("href=\"data:"));
        assert!(page.html.len() < 300_000, "{path}: {}", page.html.len());
    }
}

#[tokio::test]
async fn charts_count_what_one_sees() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let on = RoleOn::Service(ServiceId(1));
    let viewer = world.with_role("viewer-of-one", Role::Viewer, on).await;
    let now = world.app.now();
    let hour = Timestamp(now.0 - now.0 % 3_600_000);
    let tally = |service: &str, firing| AlertTally {
        hour,
        service: service.to_owned(),
        project: String::new(),
        firing,
        resolved: 0,
    };
    let delivery = |sender, sent| DeliveryTally {
        hour,
        driver: "promgen.notification.webhook".to_owned(),
        sender: SenderId(sender),
        sent,
        dead: 1,
    };
    let tx = world.app.store().write_tx().await.unwrap();
    tx.tally_alerts(&[tally("", 7), tally("svc-000", 4), tally("svc.001", 3)])
        .await
        .unwrap();
    tx.tally_deliveries(&[delivery(0, 5)]).await.unwrap();
    tx.commit().await.unwrap();
    let all = world.page(&superuser, "/alert").await.shown();
    assert!(
        all.says("firing: 7, resolved: 0") && all.says("sent: 5, given up: 1"),
        "{}",
        all.text()
    );
    assert!(all.html.contains("<svg") && all.html.contains("<title>"));
    let some = world.page(&viewer, "/alert").await.shown();
    assert!(some.says("firing: 4, resolved: 0"), "{}", some.text());
    assert!(!some.says("sent: 5") && !some.says("Deliveries by"));
    let service = world.page(&superuser, "/service/2").await.shown();
    assert!(service.says("firing: 3, resolved: 0"), "{}", service.text());
    let none = world.page(&superuser, "/service/3").await.shown();
    assert!(none.says("No alert came in the last three days."));
}

#[tokio::test]
async fn a_process_writes_down_what_it_counted_when_it_ends() {
    let world = with_webhook().await;
    promgen_core::app::metrics::keep(&world.app);
    post(
        &world,
        &json!({"service": "svc-000", "project": "prj-000-00"}),
    )
    .await;
    post(&world, &json!({"service": "gone", "project": "lost"})).await;
    let world = world.opened_again().await;
    let (operator, whose) = (operator(), hours::Whose::Service(ServiceId(1)));
    let hours = hours::alert_hours(&world.app, &operator, whose).await;
    let hours = hours.unwrap();
    assert_eq!(hours.len(), hours::HOURS);
    assert_eq!(hours.iter().map(|hour| hour.firing).sum::<u64>(), 1);
    let tx = world.app.store().read_tx().await.unwrap();
    let firing = async |of: &Tallied| {
        let hours = tx.alert_hours(of, Timestamp(0)).await.unwrap();
        hours.iter().map(|hour| hour.firing).sum::<u64>()
    };
    assert_eq!(firing(&Tallied::All).await, 2);
    let strangers = Tallied::Naming(Names {
        services: vec!["gone".to_owned()],
        projects: vec!["lost".to_owned()],
    });
    assert_eq!(firing(&strangers).await, 0);
}
