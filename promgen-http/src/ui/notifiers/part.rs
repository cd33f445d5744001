//! The notifiers of a service, a project or a person, as a part of its page.

use askama::Template;
use promgen_core::app::AppError;
use promgen_core::app::hours::DeliveryDay;
use promgen_core::app::senders::{self, SenderView};
use promgen_core::model::{Filter, SenderOwner};
use promgen_core::store::SenderKey;

use super::whose::{label, shown};
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Here, Viewer};
use crate::ui::parts::{Empty, Headings, Pager, Sheet};
use crate::ui::text::Texts;

/// Notifiers on a page.
const SIZE: u64 = 50;

/// The table, with the buttons that belong above it.
#[derive(Debug, Template)]
#[template(path = "notifiers/table.html")]
pub(crate) struct NotifierTable {
    t: Texts,
    token: String,
    /// The page that it is on.
    here: String,
    rows: Vec<Row>,
    headings: Headings,
    pager: Pager,
    /// Where another one is registered, for who may.
    register: Option<String>,
    /// Where whoever looks subscribes and ends that.
    subscribe: Option<SubscribeForm>,
    empty: Empty,
    /// Whether anything on it can be tried and changed.
    editable: bool,
}

impl askama::filters::HtmlSafe for NotifierTable {}

/// The button by which whoever looks subscribes, or ends that.
#[derive(Debug, Clone, Template)]
#[template(path = "notifiers/subscribe.html")]
pub(crate) struct SubscribeForm {
    t: Texts,
    token: String,
    action: String,
    /// Where it leads back to.
    next: String,
    subscribed: bool,
    class: &'static str,
}

impl askama::filters::HtmlSafe for SubscribeForm {}

#[derive(Debug)]
struct Row {
    id: i32,
    driver: String,
    added_by: Option<String>,
    shown: String,
    enabled: bool,
    filters: Vec<Filter>,
    sent: u64,
    dead: u64,
    may_edit: bool,
}

impl NotifierTable {
    /// Where a question on it leads back to, as a part of a query.
    fn back(&self) -> String {
        let back = format!("{}#notifiers", self.here);
        url::form_urlencoded::byte_serialize(back.as_bytes()).collect()
    }

    /// The notifiers of an owner, with what whoever looks may do to them.
    pub(crate) async fn of(
        server: &Server,
        viewer: &Viewer,
        owner: SenderOwner,
        sheet: &Sheet,
    ) -> Result<Self, HttpError> {
        let sheet = sheet.part("notifiers", "notifiers");
        Self::build(server, viewer, owner, &sheet, true).await
    }

    /// The button to subscribe, as a menu of the page has it.
    pub(crate) fn in_menu(&self) -> Option<SubscribeForm> {
        let button = self.subscribe.clone();
        button.map(|button| SubscribeForm {
            next: self.here.clone(),
            class: "plain",
            ..button
        })
    }

    /// The same to look at: the notifiers of the service above a project. `None` for whoever may not
    /// see them: a role on a project is none on its service.
    pub(crate) async fn to_look_at(
        server: &Server,
        viewer: &Viewer,
        owner: SenderOwner,
        sheet: &Sheet,
    ) -> Result<Option<Self>, HttpError> {
        let sheet = sheet.part("above", "notifiers");
        match Self::build(server, viewer, owner, &sheet, false).await {
            Err(HttpError::App(AppError::Forbidden { .. })) => Ok(None),
            table => table.map(Some),
        }
    }

    async fn build(
        server: &Server,
        viewer: &Viewer,
        owner: SenderOwner,
        sheet: &Sheet,
        buttons: bool,
    ) -> Result<Self, HttpError> {
        let t = viewer.t();
        let part = sheet.sorted::<SenderKey>(SIZE);
        let found = senders::of_owner(&server.app, viewer.actor(), owner, part).await?;
        let base = match owner {
            SenderOwner::Service(id) => format!("/service/{id}"),
            SenderOwner::Project(id) => format!("/project/{id}"),
            SenderOwner::User(_) => "/profile".to_owned(),
        };
        let may_edit = buttons && found.may.edit;
        let row = |sender: &SenderView| {
            let days = found.days.get(&sender.id).map(Vec::as_slice);
            let sum = |count: fn(&DeliveryDay) -> u64| -> u64 {
                days.unwrap_or_default().iter().map(count).sum()
            };
            Row {
                id: sender.id.0,
                driver: label(server.app.registry(), &sender.driver, t),
                added_by: sender.added_by.clone(),
                shown: shown(sender, t),
                enabled: sender.enabled,
                filters: sender.filters.clone(),
                sent: sum(|day| day.sent),
                dead: sum(|day| day.dead),
                may_edit: may_edit || buttons && found.subscription == Some(sender.id),
            }
        };
        let rows: Vec<Row> = found.listed.items.iter().map(row).collect();
        let register = may_edit.then(|| format!("{base}/notifier"));
        let mut empty = Empty::new(t.say("notifiers-none"));
        if let Some(link) = &register {
            empty = empty.next(t.say("notifiers-register"), link.clone());
        }
        let subscribes = buttons && !matches!(owner, SenderOwner::User(_));
        // A form that was refused is answered at its own address, which nobody can go back to.
        // To look at, the table stands on another page than that of its owner.
        let here = Some(viewer.here()).filter(|here| !buttons || here.path == base);
        let here = here.cloned().unwrap_or_else(|| Here {
            path: base.clone(),
            query: String::new(),
        });
        Ok(Self {
            headings: Headings::new::<SenderKey>(&here, sheet),
            pager: Pager::new(t, &here, sheet, found.listed.count, SIZE),
            editable: rows.iter().any(|row| row.may_edit),
            rows,
            register,
            subscribe: subscribes.then(|| SubscribeForm {
                t: t.clone(),
                token: viewer.token().to_owned(),
                action: format!("{base}/subscribe"),
                next: format!("{}#notifiers", here.full()),
                subscribed: found.subscription.is_some(),
                class: "",
            }),
            empty,
            here: here.full(),
            token: viewer.token().to_owned(),
            t: t.clone(),
        })
    }
}
