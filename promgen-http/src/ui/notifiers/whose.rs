//! What a notifier belongs to: its name, and the page where it is listed.

use promgen_core::app::senders::SenderView;
use promgen_core::model::{MASKED, SenderOwner};
use promgen_core::plugin::Registry;

use crate::extract::Form;
use crate::ui::frame::Crumb;
use crate::ui::next;
use crate::ui::text::Texts;

/// The page on which the notifiers of an owner are.
pub(super) fn page_of(owner: SenderOwner) -> String {
    match owner {
        SenderOwner::Service(id) => format!("/service/{id}#notifiers"),
        SenderOwner::Project(id) => format!("/project/{id}#notifiers"),
        SenderOwner::User(_) => "/profile#notifiers".to_owned(),
    }
}

/// The way to an owner.
pub(super) fn crumb(owner: SenderOwner, name: &str, t: &Texts) -> Vec<Crumb> {
    match owner {
        SenderOwner::Service(_) => vec![
            Crumb::new(t.say("frame-services"), "/service"),
            Crumb::new(name, page_of(owner)),
        ],
        SenderOwner::Project(_) => vec![Crumb::new(name, page_of(owner))],
        SenderOwner::User(_) => vec![Crumb::new(t.say("frame-profile"), page_of(owner))],
    }
}

/// Where a form leads: where it says, if that is a page of this site, else to the owner.
pub(super) fn after(form: &Form, owner: SenderOwner) -> String {
    next::or(form.given("next"), page_of(owner))
}

/// What a driver is called.
pub(crate) fn label(registry: &Registry, key: &str, t: &Texts) -> String {
    let driver = registry.notifier(key);
    driver.map_or_else(|| key.to_owned(), |driver| t.notifier(driver).into_owned())
}

/// What is shown of where messages go: an alias, the name of a user, or what may be shown of the
/// value.
pub(crate) fn shown(sender: &SenderView, t: &Texts) -> String {
    if !sender.alias.is_empty() {
        return sender.alias.clone();
    }
    match &sender.subscriber {
        Some(subscriber) => subscriber.clone(),
        None if sender.shown == MASKED => t.say("notifiers-hidden").into_owned(),
        None => sender.shown.clone(),
    }
}

/// A sender in a few words: its driver, and where messages go.
pub(crate) fn words(registry: &Registry, sender: &SenderView, t: &Texts) -> String {
    let driver = label(registry, &sender.driver, t);
    format!("{driver}: {}", shown(sender, t))
}
