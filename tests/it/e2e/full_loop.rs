//! From a tree of services on one side to paged humans on the other, and back to peace.

use promgen_tests::databases::{Kind, TestDatabase};
use promgen_tests::exporter::Exporter;
use promgen_tests::http::get;
use promgen_tests::prometheus::{Server, alertmanager, prometheus, promtool};
use promgen_tests::promgen::{Installation, QUICK, Web};
use promgen_tests::sink::Sink;
use promgen_tests::smtp::{Smtp, Tls};
use promgen_tests::wait::{free_port, until};

/// How Prometheus gets its targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// The worker writes files and reloads.
    Push,
    /// Prometheus asks Promgen.
    Pull,
}

/// Three exporters: of a project with an override of its own, of a service with one, of neither.
struct World {
    installation: Installation,
    sink: Sink,
    smtp: Smtp,
    exporters: [Exporter; 3],
    prometheus_port: u16,
}

impl World {
    async fn new(database: Option<String>) -> Option<Self> {
        let installation = Installation::new(database, "");
        let folder = installation.folder();
        let smtp = Smtp::start(folder, Tls::StartTls).await?;
        let (prometheus_port, promtool) = (free_port(), promtool()?);
        let settings = format!(
            "{QUICK}prometheus:\n  url: http://127.0.0.1:{prometheus_port}\n  promtool: {}\n  \
             rules: {folder}/promgen.rule.yml\n  targets: {folder}/promgen.json\n  \
             blackbox: {folder}/blackbox.json\npromgen.notification.email:\n  \
             sender: promgen@example.com\ndjango:\n  EMAIL_HOST: 127.0.0.1\n  EMAIL_PORT: {}\n  \
             EMAIL_USE_TLS: true\n  EMAIL_CA_FILE: {}\n",
            promtool.display(),
            smtp.port,
            smtp.ca_file.display(),
            folder = folder.display(),
        );
        installation.write("promgen.yml", &settings);
        let exporters = [
            Exporter::start().await,
            Exporter::start().await,
            Exporter::start().await,
        ];
        let sink = Sink::start().await;
        let world = Self {
            installation,
            sink,
            smtp,
            exporters,
            prometheus_port,
        };
        world.installation.load(&world.document());
        Some(world)
    }

    fn document(&self) -> String {
        let webhook = |name: &str| {
            format!(
                "{{driver: promgen.notification.webhook, value: '{}'}}",
                self.sink.url(name)
            )
        };
        let mail = |to: &str| format!("{{driver: promgen.notification.email, value: {to}}}");
        let project = |name: &str, exporter: &Exporter, more: &str| {
            format!(
                "  - name: {name}\n    shard: main\n    farm: {{name: {name}-farm, hosts: [127.0.0.1]}}\n    \
                 exporters: [{{job: {name}, port: {}}}]\n{more}",
                exporter.port()
            )
        };
        let [web, api, batch] = &self.exporters;
        let rule = |name: &str, narrow: &str, parent: &str| {
            format!(
                "{{name: {name}, clause: 'up{{{narrow}<exclude>}} == 0', duration: 0s{parent}, \
                 labels: {{severity: major}}, annotations: {{summary: '{{{{ $labels.job }}}} is down'}}}}"
            )
        };
        let shop = r#"service="shop","#;
        [
            "promgen: 1\nsite:\n  domain: promgen.example.com\n  rules:\n  - ".to_owned(),
            rule("Down", "", ""),
            format!("\nshards:\n- {{name: main, servers: [{{host: localhost, port: {}}}]}}\n", self.prometheus_port),
            format!("users:\n- username: maria\n  senders: [{}, {}]\n", webhook("/maria"), mail("maria@example.com")),
            format!("services:\n- name: shop\n  rules: [{}]\n", rule("Down_shop", shop, ", parent: Down")),
            format!("  senders: [{}]\n  projects:\n", webhook("/shop")),
            project("web", web, &format!(
                "    rules: [{}]\n    senders: [{}, {{driver: promgen.notification.user, value: maria}}]\n",
                rule("Down_web", &format!(r#"{shop}project="web","#), ", parent: Down_shop"),
                webhook("/web"),
            )),
            project("api", api, &format!("    senders: [{}]\n", mail("api@example.com"))),
            format!("- name: jobs\n  senders: [{}]\n  projects:\n", webhook("/jobs")),
            project("batch", batch, ""),
        ]
        .concat()
    }

    /// Prometheus and Alertmanager, wired to Promgen.
    async fn stack(&self, web: &Web, way: Way) -> Option<(Server, Server)> {
        let token = self.installation.alerts_token("maria");
        let folder = self.installation.folder();
        let alertmanager = alertmanager(folder, &format!(
            "route: {{receiver: promgen, group_by: [service, project], group_wait: 200ms, group_interval: 1s}}\n\
             receivers:\n- name: promgen\n  webhook_configs:\n  - url: {}/api/v1/alerts\n    \
             http_config: {{authorization: {{type: Token, credentials: {token}}}}}\n",
            web.url
        ))
        .await?;
        let discovery = match way {
            Way::Push => {
                "file_sd_configs: [{files: [promgen.json], refresh_interval: 1s}]".to_owned()
            }
            Way::Pull => {
                let server = format!("localhost:{}", self.prometheus_port);
                let url = format!("{}/api/v1/targets?shard=main&server={server}", web.url);
                format!("http_sd_configs: [{{url: '{url}', refresh_interval: 1s}}]")
            }
        };
        let config = format!(
            "global: {{scrape_interval: 2s, scrape_timeout: 2s, evaluation_interval: 500ms}}\n\
             rule_files: [promgen.rule.yml]\nalerting:\n  alertmanagers:\n  \
             - static_configs: [{{targets: ['127.0.0.1:{}']}}]\nscrape_configs:\n- job_name: promgen\n  \
             {discovery}\n  relabel_configs:\n  \
             - {{source_labels: [__shard], regex: main, action: keep}}\n",
            alertmanager.port
        );
        let prometheus = prometheus(folder, self.prometheus_port, &config).await?;
        Some((prometheus, alertmanager))
    }

    async fn until_scraped(&self, prometheus: &Server) {
        let url = format!("{}/api/v1/query?query=count(up==1)", prometheus.url());
        until("three healthy targets", async || {
            get(&url)
                .await
                .filter(|answer| answer.text().contains("\"3\""))
                .map(drop)
        })
        .await;
        let url = format!("{}/api/v1/rules", prometheus.url());
        until("the rules", async || {
            get(&url)
                .await
                .filter(|answer| answer.text().contains("Down_web"))
                .map(drop)
        })
        .await;
    }

    /// Every recipient got that status from the right rule, once.
    async fn everybody_hears(&self, status: &str) {
        for (path, rule) in [
            ("/web", "Down_web"),
            ("/maria", "Down_web"),
            ("/jobs", "Down"),
        ] {
            let got = self.sink.first(path, status).await;
            assert_eq!(got.json["commonLabels"]["alertname"], rule, "{path}");
        }
        until("both messages of the shop", async || {
            let count = self
                .sink
                .on("/shop")
                .iter()
                .filter(|one| one.status() == status)
                .count();
            (count >= 2).then_some(())
        })
        .await;
        let subject = format!("[{status}] Down_web ");
        let mail = self.smtp.first("maria@example.com", &subject).await;
        assert!(
            mail.body
                .contains("Project: http://promgen.example.com/project/"),
            "{}",
            mail.body
        );
        self.smtp
            .first("api@example.com", &format!("[{status}] Down_shop "))
            .await;
    }

    fn assert_once(&self) {
        let count = |path: &str, status: &str| {
            self.sink
                .on(path)
                .iter()
                .filter(|one| one.status() == status)
                .count()
        };
        for status in ["firing", "resolved"] {
            for (path, times) in [("/web", 1), ("/maria", 1), ("/jobs", 1), ("/shop", 2)] {
                assert_eq!(count(path, status), times, "{status} on {path}");
            }
        }
        assert_eq!(self.smtp.mails().len(), 4);
        let rules: Vec<String> = self
            .sink
            .on("/shop")
            .iter()
            .map(|one| one.json["commonLabels"]["alertname"].to_string())
            .collect();
        assert!(
            rules.iter().any(|rule| rule.contains("Down_shop")),
            "{rules:?}"
        );
        assert!(
            !rules.iter().any(|rule| rule == "\"Down\""),
            "the global rule kept out: {rules:?}"
        );
    }
}

async fn run(database: Option<String>, way: Way) {
    let Some(mut world) = World::new(database).await else {
        return;
    };
    let web = world.installation.web(&["--no-worker"]).await;
    let installation = &world.installation;
    if way == Way::Pull {
        installation.ok(&["rules", "promgen.rule.yml"]);
    }
    let Some((prometheus, _alertmanager)) = world.stack(&web, way).await else {
        return;
    };
    let queues = if way == Way::Push {
        "localhost,alerts"
    } else {
        "alerts"
    };
    let _worker = installation.worker(&["--queues", queues]);
    world.until_scraped(&prometheus).await;
    until("the server to be in sync", async || {
        let servers = installation.ok(&["servers"]);
        servers.contains("in sync").then_some(())
    })
    .await;

    for exporter in &mut world.exporters {
        exporter.stop().await;
    }
    world.everybody_hears("firing").await;
    for exporter in &mut world.exporters {
        exporter.resume().await;
    }
    world.everybody_hears("resolved").await;
    world.assert_once();
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_hears_from_the_right_rule_once_pushed_on_sqlite() {
    run(None, Way::Push).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_hears_from_the_right_rule_once_pulled_on_sqlite() {
    run(None, Way::Pull).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_hears_from_the_right_rule_once_pushed_on_postgresql() {
    let Some(database) = TestDatabase::create(Kind::Postgres).await else {
        return;
    };
    run(Some(database.url().0.reveal().clone()), Way::Push).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_hears_from_the_right_rule_once_pulled_on_postgresql() {
    let Some(database) = TestDatabase::create(Kind::Postgres).await else {
        return;
    };
    run(Some(database.url().0.reveal().clone()), Way::Pull).await;
}
