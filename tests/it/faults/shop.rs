//! A service whose alerts go to a sink: numbered as they go in, accounted for as they come out.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt, stream};
use promgen_tests::http::{Answer, post_alerts};
use promgen_tests::promgen::{Installation, QUICK, Web};
use promgen_tests::sink::Sink;
use promgen_tests::wait::until;
use serde_json::{Value, json};
use sqlx::Connection as _;

/// Posts under way at once.
const AT_ONCE: usize = 64;

/// An installation with the service `shop`, which has one sender, to `/shop` of the sink.
pub(crate) struct Shop {
    pub(crate) installation: Installation,
    pub(crate) sink: Sink,
    pub(crate) token: String,
}

impl Shop {
    /// Its deliveries are tried again for as long as a test may last.
    pub(crate) async fn new(database: Option<String>) -> Self {
        Self::with(database, &patient("200ms")).await
    }

    pub(crate) async fn with(database: Option<String>, settings: &str) -> Self {
        let sink = Sink::start().await;
        let url = sink.url("/shop");
        let sender = format!("{{driver: promgen.notification.webhook, value: '{url}'}}");
        Self::heard(sink, database, settings, &sender)
    }

    /// A service that nobody hears.
    pub(crate) async fn unheard(settings: &str) -> Self {
        Self::heard(Sink::start().await, None, settings, "")
    }

    fn heard(sink: Sink, database: Option<String>, settings: &str, senders: &str) -> Self {
        let installation = Installation::new(database, settings);
        installation.load(&format!(
            "promgen: 1\nusers: [{{username: alertmanager}}]\nservices: [{{name: shop, senders: [{senders}]}}]\n"
        ));
        let token = installation.alerts_token("alertmanager");
        Self {
            installation,
            sink,
            token,
        }
    }

    /// Posts the message of that number; `None` when nothing came back.
    pub(crate) async fn post(&self, web: &Web, number: usize) -> Option<Answer> {
        post_alerts(&web.url, &self.token, message(number)).await
    }

    /// Posts messages, all of which must be accepted.
    pub(crate) async fn accept(
        &self,
        web: &Web,
        numbers: impl IntoIterator<Item = usize>,
    ) -> BTreeSet<String> {
        let posts = stream::iter(numbers).map(async |number| {
            let answer = self.post(web, number).await.expect("an answer");
            assert_eq!(answer.status, 202, "{}", answer.text());
            number.to_string()
        });
        posts.buffer_unordered(AT_ONCE).collect().await
    }

    /// Deliveries by the number of the message that they carried.
    pub(crate) fn arrived(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut arrived: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for one in self.sink.on("/shop") {
            let number = one.json["commonLabels"]["number"].as_str();
            let deliveries = arrived.entry(number.unwrap_or_default().to_owned());
            deliveries.or_default().insert(one.delivery().to_owned());
        }
        arrived
    }

    /// What a query of its `SQLite` file counts.
    pub(crate) async fn number(&self, query: &'static str) -> i64 {
        let file = self.installation.database();
        let mut connection = sqlx::SqliteConnection::connect(file).await.unwrap();
        let counted = sqlx::query_scalar(query).fetch_one(&mut connection).await;
        counted.unwrap()
    }

    /// All alerts of the database.
    pub(crate) fn alerts(&self) -> Vec<Value> {
        let list = ["alerts", "list", "--limit", "100000", "--format", "json"];
        serde_json::from_str(&self.installation.ok(&list)).expect("a list of alerts")
    }

    /// Waits until every accepted message has arrived and every stored one is recorded as sent;
    /// each must have come under a single delivery id, however often.
    pub(crate) async fn assert_all_arrive(&self, accepted: &BTreeSet<String>) {
        until("every accepted alert", async || {
            let arrived = self.arrived();
            accepted
                .iter()
                .all(|number| arrived.contains_key(number))
                .then_some(())
        })
        .await;
        until("a terminal state for each", async || {
            let alerts = self.alerts();
            let done = |alert: &Value| {
                alert["state"] == "routed" && alert["sent_count"] == 1 && alert["error_count"] == 0
            };
            (alerts.len() >= accepted.len() && alerts.iter().all(done)).then_some(())
        })
        .await;
        for (number, deliveries) in self.arrived() {
            assert_eq!(
                deliveries.len(),
                1,
                "message {number} went out under several delivery ids"
            );
        }
    }
}

/// Quick retries that go on, and this deadline of a send.
pub(crate) fn patient(timeout: &str) -> String {
    QUICK
        .replace("give_up_after: 3s", "give_up_after: 1h")
        .replace("timeout: 2s", &format!("timeout: {timeout}"))
}

/// The message of that number, in a group of its own.
pub(crate) fn message(number: usize) -> String {
    let labels = json!({"service": "shop", "number": number.to_string()});
    json!({
        "version": "4", "status": "firing", "groupKey": format!("group {number}"),
        "commonLabels": labels, "alerts": [{"status": "firing", "labels": labels}],
    })
    .to_string()
}
