//! What is pasted into the settings of Prometheus and Alertmanager.

use promgen_core::app::guide::Guide;
use promgen_core::config::Settings;

use crate::ui::parts::Code;
use crate::ui::text::Texts;

/// Where things are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site<'a> {
    /// Scheme and host by which the browser reached this installation.
    pub(super) base: &'a str,
    /// Host and port of Alertmanager.
    pub(super) alertmanager: &'a str,
    /// Whether targets and rules are told to everybody, or by a token with the scope `read`.
    pub(super) open: bool,
}

impl<'a> Site<'a> {
    /// As the settings and a request have it.
    pub(super) fn of(settings: &'a Settings, base: &'a str) -> Self {
        let first = settings.alertmanager.urls.first();
        let host = first.and_then(|url| url.split_once("://"));
        let host = host.and_then(|(_, rest)| rest.split('/').next());
        // What stands before an @ is a password.
        let host = host.and_then(|host| host.rsplit('@').next());
        Self {
            base,
            alertmanager: host.unwrap_or("localhost:9093"),
            open: settings.exports.anonymous,
        }
    }
}

/// The snippets, for this installation.
#[derive(Debug, Clone)]
pub(super) struct Snippets {
    /// Part of `prometheus.yml`.
    pub(super) pull: Code,
    /// A command that fetches the rules.
    pub(super) rules: Code,
    /// Settings and command of a worker.
    pub(super) push: Code,
    /// Part of `alertmanager.yml`.
    pub(super) receiver: Code,
}

impl Snippets {
    /// With a token that was just made, or a placeholder.
    pub(super) fn new(guide: &Guide, site: Site<'_>, token: Option<&str>, t: &Texts) -> Self {
        let base = site.base;
        let shard = guide.shard.as_ref();
        let name = shard.map_or("main", |shard| shard.name.as_str());
        let server = guide.server.as_ref();
        let server = server.map_or_else(
            || ("localhost".to_owned(), 9090),
            |server| (server.host.clone(), server.port),
        );
        let placeholder = t.say("guide-alert-placeholder");
        let token = token.unwrap_or(&placeholder);
        Self {
            pull: Code::new("code-pull", "prometheus.yml", pull(site, name, &server), t),
            rules: Code::new("code-rules", "sh", rules(site, &server), t),
            push: Code::new("code-push", "promgen.yml", push(&server), t),
            receiver: Code::new(
                "code-receiver",
                "alertmanager.yml",
                receiver(base, token),
                t,
            ),
        }
    }
}

/// For exports that are closed: what Prometheus shows; a profile makes such tokens.
const PULL_TOKEN: &str =
    "        authorization: {type: Token, credentials: TOKEN_WITH_SCOPE_READ}\n";

fn pull(site: Site<'_>, shard: &str, (host, port): &(String, u16)) -> String {
    let Site {
        base,
        alertmanager,
        open,
    } = site;
    let token = if open { "" } else { PULL_TOKEN };
    let shard: String = url::form_urlencoded::byte_serialize(shard.as_bytes()).collect();
    format!(
        "rule_files: [promgen.rule.yml]\n\
         alerting:\n  \
           alertmanagers:\n    \
             - static_configs: [{{targets: ['{alertmanager}']}}]\n\
         scrape_configs:\n  \
           - job_name: promgen\n    \
             http_sd_configs:\n      \
               - url: '{base}/api/v1/targets?shard={shard}&server={host}:{port}'\n\
         {token}"
    )
}

fn rules(site: Site<'_>, (host, port): &(String, u16)) -> String {
    let base = site.base;
    let token = if site.open {
        ""
    } else {
        "-H 'Authorization: Token TOKEN_WITH_SCOPE_READ' "
    };
    format!(
        "curl -sSf {token}{base}/api/v1/rules -o promgen.rule.yml && curl -sSf -X POST http://{host}:{port}/-/reload\n"
    )
}

fn push((host, port): &(String, u16)) -> String {
    format!(
        "# promgen.yml\n\
         prometheus:\n  \
           url: http://localhost:{port}\n  \
           rules: /etc/prometheus/promgen.rule.yml\n  \
           targets: /etc/prometheus/promgen.json\n  \
           blackbox: /etc/prometheus/blackbox.json\n\
         # DATABASE_URL is that of this Promgen; run:\n\
         # promgen worker --queues {host}\n"
    )
}

fn receiver(base: &str, token: &str) -> String {
    format!(
        "route: {{receiver: promgen, group_by: [service, project]}}\n\
         receivers:\n  \
           - name: promgen\n    \
             webhook_configs:\n      \
               - url: '{base}/api/v1/alerts'\n        \
                 http_config: {{authorization: {{type: Token, credentials: {token}}}}}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_alertmanager_is_named_without_its_password() {
        let mut settings = Settings::default();
        assert_eq!(Site::of(&settings, "b").alertmanager, "localhost:9093");
        settings.alertmanager.urls = vec!["https://u:p@am.example.com:1/x".to_owned()];
        assert_eq!(Site::of(&settings, "b").alertmanager, "am.example.com:1");
    }
}
