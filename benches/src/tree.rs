//! A large tree, as a tree document.

use std::fmt::Write as _;

/// How large.
#[derive(Debug, clap::Args)]
pub(crate) struct Size {
    /// Services.
    #[arg(long, default_value_t = 200)]
    services: usize,
    /// Projects of each service.
    #[arg(long, default_value_t = 10)]
    projects: usize,
    /// Hosts of each project.
    #[arg(long, default_value_t = 20)]
    hosts: usize,
    /// Rules of each service that override none.
    #[arg(long, default_value_t = 5)]
    rules: usize,
    /// URL of a webhook sender on the first service.
    #[arg(long)]
    webhook: Option<String>,
}

/// The document: each project has three exporters, two URLs and an override of one of the rules of
/// its service; each service has an override of the one rule of all, and rules of its own.
pub(crate) fn document(size: &Size) -> String {
    let mut text = String::from(HEAD);
    for service in 0..size.services {
        let name = format!("service-{service:03}");
        // Writing to a String cannot fail.
        write!(text, "  - name: {name}\n    rules:\n").ok();
        rule(
            &mut text,
            "      ",
            &format!("Down_{service}"),
            &narrowed(&name, "up", "== 0"),
            "Down",
        );
        for number in 0..size.rules {
            let metric = format!("errors_{number}_total");
            let name = format!("Errors_{service}_{number}");
            rule(
                &mut text,
                "      ",
                &name,
                &format!("rate({metric}[5m]) > {number}"),
                "",
            );
        }
        if let (0, Some(url)) = (service, &size.webhook) {
            let driver = "promgen.notification.webhook";
            writeln!(text, "    senders: [{{driver: {driver}, value: '{url}'}}]").ok();
        }
        text.push_str("    projects:\n");
        for number in 0..size.projects {
            project(&mut text, size, service, number);
        }
    }
    text
}

const HEAD: &str = "promgen: 1
site:
  domain: promgen.example.com
  rules:
    - {name: Down, clause: 'up{<exclude>} == 0', duration: 5m, labels: {severity: major}}
shards:
  - {name: east, url: 'http://east.example.com:9090'}
  - {name: west, url: 'http://west.example.com:9090'}
probes: [{module: http_2xx}, {module: http_post_2xx}]
services:
";

fn narrowed(service: &str, metric: &str, rest: &str) -> String {
    format!("{metric}{{service=\"{service}\",<exclude>}} {rest}")
}

fn rule(text: &mut String, indent: &str, name: &str, clause: &str, parent: &str) {
    let parent = if parent.is_empty() {
        String::new()
    } else {
        format!(", parent: {parent}")
    };
    let labels = "labels: {severity: major}";
    let annotations = "annotations: {summary: 'look at {{ $labels.instance }}'}";
    writeln!(
        text,
        "{indent}- {{name: {name}, clause: '{clause}', duration: 5m{parent}, {labels}, {annotations}}}"
    )
    .ok();
}

fn project(text: &mut String, size: &Size, service: usize, number: usize) {
    let name = format!("project-{service:03}-{number:02}");
    let shard = if (service + number).is_multiple_of(2) {
        "east"
    } else {
        "west"
    };
    writeln!(text, "      - name: {name}\n        shard: {shard}").ok();
    let hosts = (0..size.hosts).map(|host| format!("h{host:03}.{name}.example.com"));
    let hosts: Vec<String> = hosts.collect();
    let farm = format!("farm-{service:03}-{number:02}");
    writeln!(
        text,
        "        farm: {{name: {farm}, hosts: [{}]}}",
        hosts.join(", ")
    )
    .ok();
    let exporters = "[{job: node, port: 9100}, {job: nginx, port: 9113, path: '/metrics?module=x'}, \
                     {job: mysqld, port: 9104}]";
    writeln!(text, "        exporters: {exporters}").ok();
    let urls = format!(
        "[{{url: 'https://{name}.example.com/a', probe: http_2xx}}, \
         {{url: 'https://{name}.example.com/b', probe: http_post_2xx}}]"
    );
    writeln!(text, "        urls: {urls}\n        rules:").ok();
    let clause =
        format!("up{{service=\"service-{service:03}\",project=\"{name}\",<exclude>}} == 0");
    let parent = format!("Down_{service}");
    rule(
        text,
        "          ",
        &format!("Down_{service}_{number}"),
        &clause,
        &parent,
    );
}
