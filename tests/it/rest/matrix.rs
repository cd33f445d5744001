//! S9: every route × every kind of person × their own and a foreign object, against the table of acts
//! (CVE-2023-2183, CVE-2024-8118, CVE-2026-21724, CVE-2024-1313: one endpoint was forgotten).
//!
//! The routes and their acts come from the router itself. Who may is worked out here from what the
//! act needs, once more and in another way than the program does it. Whoever adds a route says in
//! `matrix/objects.rs` what its path is about, and what a body of it looks like, or else this fails.

pub(super) mod objects;

use futures_util::{StreamExt as _, stream};
use http::Method;
use promgen_core::app::Right;
use promgen_core::app::policy::Need;
use promgen_core::model::{GroupRole, Role};
use promgen_http::{RouteRow, route_rows};

use objects::{Cast, Whose, hides, is_away};

/// Who asks, the least first. All but the superuser are what their name says on service 1, whose
/// owner the owner is, and nothing elsewhere; viewers and editors are members of a group of which the
/// others are admins.
const KINDS: [&str; 7] = [
    "anonymous",
    "none",
    "viewer",
    "editor",
    "admin",
    "owner",
    "superuser",
];

/// Whether that kind of person may do what the row stands for.
fn may(row: &RouteRow, kind: &str, whose: Whose) -> bool {
    let own = whose == Whose::Own;
    match (row.act.need(), kind) {
        (Need::Nothing | Need::Right(Right::ReadExports), _) => true,
        // The tokens of this test have no scope for alerts, not even the superuser's.
        (Need::Right(Right::PostAlerts), _) | (_, "anonymous") => false,
        (Need::Right(Right::Look | Right::TakePart | Right::Query), _) | (_, "superuser") => true,
        (Need::Right(_), _) => false,
        (Need::Role(role), kind) => own && role_of(kind) >= Some(role),
        (Need::Owner, kind) => own && kind == "owner",
        (Need::GroupRole(role), kind) => own && group_role_of(kind) >= Some(role),
        // Things of people are the viewer's here.
        (Need::Self_, kind) => own && kind == "viewer",
    }
}

fn role_of(kind: &str) -> Option<Role> {
    match kind {
        "viewer" => Some(Role::Viewer),
        "editor" => Some(Role::Editor),
        "admin" | "owner" => Some(Role::Admin),
        _ => None,
    }
}

fn group_role_of(kind: &str) -> Option<GroupRole> {
    match kind {
        "viewer" | "editor" => Some(GroupRole::Member),
        "admin" | "owner" => Some(GroupRole::Admin),
        _ => None,
    }
}

/// What is wrong with how a route answers.
async fn look(cast: &Cast, row: &RouteRow) -> Vec<String> {
    let mut wrong = Vec::new();
    for whose in [Whose::Foreign, Whose::Own] {
        for kind in KINDS {
            let told = cast.ask(row, kind, whose).await;
            // Version 1 hides what one may not see.
            let hidden = told == 404 && row.method == Method::GET && hides(row);
            let refused = told == 401 || told == 403 || hidden;
            let right = if may(row, kind, whose) {
                !refused && told < 500 || is_away(row, told)
            } else {
                refused && (told == 401) == (kind == "anonymous")
            };
            if !right {
                let RouteRow { method, path, act } = row;
                wrong.push(format!(
                    "{method} {path} ({}): {kind} on {whose:?}: {told}",
                    act.name()
                ));
            }
        }
    }
    wrong
}

#[tokio::test(flavor = "multi_thread")]
async fn s9_every_route_lets_pass_whom_the_table_lets_pass() {
    let (looking, changing): (Vec<_>, Vec<_>) = route_rows()
        .into_iter()
        .partition(|row| row.method == Method::GET);
    let shared = Cast::new().await;
    let mut wrong = Vec::new();
    for row in looking {
        wrong.extend(look(&shared, &row).await);
    }
    // A route that changes something has a world of its own: a superuser may well delete what the path
    // names, and then it is gone for whoever comes next. Most of the time goes into making worlds, and
    // more than a few at once only wait for each other.
    let rows = stream::iter(changing);
    let found = rows.map(async |row| look(&Cast::new().await, &row).await);
    wrong.extend(found.buffer_unordered(4).collect::<Vec<_>>().await.concat());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn ones_own_subscription_is_ones_own_on_every_route() {
    let rows = route_rows().into_iter();
    let rows = rows.filter(|row| row.path.contains("/notifier/{id}") || is_of_one_notifier(row));
    let mut wrong = Vec::new();
    for row in rows {
        // The viewer's subscriptions: to service 1, which they see, and to one that they see no more.
        let cast = Cast::with_subscriptions("viewer").await;
        for (whose, kind) in [
            (Whose::Foreign, "viewer"),
            (Whose::Own, "none"),
            (Whose::Own, "viewer"),
        ] {
            let told = cast.ask(&row, kind, whose).await;
            let right = match (whose, kind) {
                (Whose::Own, "viewer") => told < 400,
                _ => told == 403,
            };
            if !right {
                let RouteRow { method, path, .. } = &row;
                wrong.push(format!("{method} {path}: {kind} on {whose:?}: {told}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn is_of_one_notifier(row: &RouteRow) -> bool {
    row.path.starts_with("/rest/v2/notifiers/{id}")
}

#[test]
fn no_route_is_there_twice() {
    let mut seen = std::collections::BTreeSet::new();
    for RouteRow { method, path, .. } in route_rows() {
        assert!(seen.insert((method.to_string(), path.clone())), "{path}");
    }
}
