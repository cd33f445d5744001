//! What goes away with an object, as the pages that ask before say it.

use promgen_core::app::Listed;
use promgen_core::app::losses::{Fate, Loss};
use promgen_core::app::roles::Resource;
use promgen_core::app::senders::SenderView;
use promgen_core::model::{Exporter, Project, RoleOn, Rule, SenderOwner, Session, Token};
use promgen_core::plugin::Registry;
use url::form_urlencoded::byte_serialize;

use super::parts::{ConfirmPage, Thing, Things};
use super::text::Texts;
use super::{groups, members, notifiers};

/// Each kind of things with how many there are, and links to the first.
pub(super) fn told(losses: Vec<Loss>, registry: &Registry, t: &Texts) -> Vec<Things> {
    let kinds = losses.into_iter().map(|loss| kind(loss, registry, t));
    kinds.collect()
}

/// A page that asks, unless it cannot be done: that says so, and what is in the way.
pub(super) fn decided(
    asks: ConfirmPage,
    fate: Fate,
    stays: impl Into<String>,
    registry: &Registry,
    t: &Texts,
) -> ConfirmPage {
    match fate {
        Fate::Goes(losses) => asks.things(told(losses, registry, t)),
        Fate::Stays(losses) => asks.refused(stays).things(told(losses, registry, t)),
    }
}

fn kind(loss: Loss, registry: &Registry, t: &Texts) -> Things {
    let resource = |it: Resource| Thing {
        name: it.name,
        note: t.say(members::word(it.role)).into_owned(),
        link: object(it.on),
    };
    let senders = |lead, listed| things(t, lead, listed, |it| sender(&it, registry, t));
    match loss {
        Loss::Services(listed) => things(t, "parts-loses-services", listed, |it| Thing {
            name: it.name.to_string(),
            link: format!("/service/{}", it.id),
            ..Thing::default()
        }),
        Loss::Groups(listed) => things(t, "parts-loses-groups", listed, |(group, role)| Thing {
            name: group.name,
            note: t.say(groups::word(role)).into_owned(),
            link: format!("/group/{}", group.id),
        }),
        Loss::Projects(listed) => things(t, "parts-loses-projects", listed, |it| project(&it)),
        Loss::Hostless(listed) => things(t, "parts-loses-hostless", listed, |it| project(&it)),
        Loss::Scraped(listed) => things(t, "parts-loses-scraped", listed, |it| project(&it)),
        Loss::Exporters(listed) => things(t, "parts-loses-exporters", listed, |(it, of)| Thing {
            name: exporter_name(&it),
            note: of.to_string(),
            link: format!("/project/{}#exporters", it.project),
        }),
        Loss::Urls(listed) => things(t, "parts-loses-urls", listed, |(it, of)| Thing {
            link: format!("/project/{}#http-checks", it.project),
            name: it.url,
            note: of.to_string(),
        }),
        Loss::Rules(listed) => things(t, "parts-loses-rules", listed, |it| rule(&it)),
        Loss::Overrides(listed) => things(t, "parts-loses-overrides", listed, |it| rule(&it)),
        Loss::Senders(listed) => senders("parts-loses-notifiers", listed),
        Loss::Subscriptions(listed) => senders("parts-loses-subscriptions", listed),
        Loss::Roles(listed) => things(t, "parts-loses-roles", listed, |it| Thing {
            note: format!("{}, {}", it.object, t.say(members::word(it.role))),
            name: it.holder,
            link: format!("{}#members", object(it.on)),
        }),
        Loss::Hosts(listed) => things(t, "parts-loses-hosts", listed, |it| Thing {
            link: host_page(&it.name),
            name: it.name,
            ..Thing::default()
        }),
        Loss::Servers(listed) => things(t, "parts-loses-servers", listed, |it| Thing {
            name: format!("{}:{}", it.host, it.port),
            link: format!("/datasource/{}/server/{}", it.shard, it.id),
            ..Thing::default()
        }),
        Loss::Members(listed) => things(t, "parts-loses-members", listed, |(user, role)| Thing {
            name: user.username,
            note: t.say(groups::word(role)).into_owned(),
            ..Thing::default()
        }),
        Loss::Resources(listed) => things(t, "parts-loses-resources", listed, resource),
        Loss::RolesBelow(listed) => things(t, "parts-loses-roles-below", listed, resource),
        Loss::Sessions(listed) => things(t, "parts-loses-sessions", listed, |it| session(it, t)),
        Loss::Tokens(listed) => things(t, "parts-loses-tokens", listed, |it| token(&it, t)),
    }
}

fn things<T>(
    t: &Texts,
    lead: &'static str,
    listed: Listed<T>,
    each: impl FnMut(T) -> Thing,
) -> Things {
    let more = listed.count.saturating_sub(listed.items.len() as u64);
    Things {
        lead: t.count(lead, listed.count),
        named: listed.items.into_iter().map(each).collect(),
        more: (more > 0).then(|| t.count("parts-loses-more", more)),
    }
}

fn project(project: &Project) -> Thing {
    Thing {
        name: project.name.to_string(),
        link: format!("/project/{}", project.id),
        ..Thing::default()
    }
}

fn rule(rule: &Rule) -> Thing {
    Thing {
        name: rule.name.to_string(),
        link: format!("/rule/{}", rule.id),
        ..Thing::default()
    }
}

fn host_page(name: &str) -> String {
    let name: String = byte_serialize(name.as_bytes()).collect();
    format!("/host/{}", name.replace('+', "%20"))
}

/// Job, port and path of an exporter.
pub(super) fn exporter_name(exporter: &Exporter) -> String {
    format!("{}:{}{}", exporter.job, exporter.port, exporter.path)
}

fn sender(sender: &SenderView, registry: &Registry, t: &Texts) -> Thing {
    Thing {
        name: notifiers::words(registry, sender, t),
        note: sender.owner_name.clone(),
        link: match sender.owner {
            SenderOwner::Service(_) | SenderOwner::Project(_) => format!("/notifier/{}", sender.id),
            SenderOwner::User(_) => String::new(),
        },
    }
}

fn session(session: Session, t: &Texts) -> Thing {
    let agent = Some(session.agent).filter(|agent| !agent.is_empty());
    Thing {
        name: agent.unwrap_or(session.backend),
        note: t.name("parts-loses-seen", t.zone.write(session.last_seen)),
        ..Thing::default()
    }
}

fn token(token: &Token, t: &Texts) -> Thing {
    let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.as_str()).collect();
    Thing {
        name: format!("{}…", token.prefix),
        note: match token.last_used {
            Some(at) => format!(
                "{}, {}",
                scopes.join(", "),
                t.name("parts-loses-seen", t.zone.write(at))
            ),
            None => scopes.join(", "),
        },
        ..Thing::default()
    }
}

fn object(on: RoleOn) -> String {
    match on {
        RoleOn::Service(id) => format!("/service/{id}"),
        RoleOn::Project(id) => format!("/project/{id}"),
    }
}
