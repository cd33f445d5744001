//! Lists that are sorted by a click on a heading, over all of their pages.

use promgen_core::model::{Role, RoleOn, Server, ServerId, ServiceId, ShardId};
use regex::Regex;

use super::{Page, Pages as _};
use crate::rest::world::World;

/// Lists with headings that sort them.
const LISTS: [&str; 22] = [
    "/rule",
    "/site",
    "/service/1",
    "/project/1",
    "/datasource/2",
    "/group/1",
    "/farm/1",
    "/audit",
    "/servers",
    "/preset",
    "/service",
    "/farm",
    "/host/",
    "/url",
    "/probe",
    "/group",
    "/datasource",
    "/admin/user",
    "/admin/token",
    "/admin/notifier",
    "/admin/exporter",
    "/admin/role",
];

#[tokio::test]
async fn a_page_beyond_the_last_says_so_and_leads_back() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    for list in [
        "/service",
        "/farm",
        "/host/",
        "/url",
        "/datasource",
        "/rule",
    ] {
        let first = world.page(&superuser, list).await.shown();
        let path = format!("{list}?page=999");
        let beyond = world.page(&superuser, &path).await.shown();
        assert!(!first.says("There is no page"), "{list}");
        assert!(
            beyond.says("There is no page 999"),
            "{list}: {}",
            beyond.text()
        );
        assert!(!beyond.html.contains("class=\"empty\""), "{list}");
    }
    let none = world.page(&superuser, "/service?name=nothing&page=9").await;
    assert!(none.shown().html.contains("class=\"empty\""));
}

/// Where the headings lead.
fn links(page: &Page) -> Vec<String> {
    let link = Regex::new(r#"<a class="sort[^"]*" href="([^"]*)""#).unwrap();
    let found = link.captures_iter(&page.html);
    found.map(|one| one[1].replace("&#38;", "&")).collect()
}

/// The names of services on a page, in their order.
fn services(page: &Page) -> Vec<String> {
    let name = Regex::new(r#"<td><a href="/service/[0-9]+"><bdi>([^<]*)</bdi>"#).unwrap();
    let found = name.captures_iter(&page.html);
    found.map(|one| one[1].to_owned()).collect()
}

#[tokio::test]
async fn every_heading_sorts_its_list_and_turns_it_round() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    for name in ["maria", "otto"] {
        world.person(name).await;
    }
    let on = RoleOn::Service(ServiceId(1));
    world.with_role("zoe", Role::Viewer, on).await;
    world
        .submit(&superuser, "/group/new", &[("name", "sre")])
        .await;
    let server = Server {
        id: ServerId(0),
        shard: ShardId(1),
        host: "prom.example".to_owned(),
        port: 9090,
    };
    let tx = world.app.store().write_tx().await.unwrap();
    tx.insert_server(&server).await.unwrap();
    tx.commit().await.unwrap();
    for path in LISTS {
        let page = world.page(&superuser, path).await.shown();
        let links = links(&page);
        // Without entries there is no table; notifiers are made in tests of their own.
        assert!(!links.is_empty() || path == "/admin/notifier", "{path}");
        for link in links {
            let sorted = world.page(&superuser, &link).await.shown();
            let sort = link.rsplit("sort=").next().unwrap();
            let way = if sort.starts_with('-') {
                "descending"
            } else {
                "ascending"
            };
            assert!(
                sorted.html.contains(&format!("class=\"sort {way}\"")),
                "{link}"
            );
            let other = match sort.strip_prefix('-') {
                Some(name) => format!("sort={name}\""),
                None => format!("sort=-{sort}\""),
            };
            assert!(sorted.html.contains(&other), "{link} leads to {other}");
        }
    }
}

#[tokio::test]
async fn the_order_holds_over_pages_and_beside_filters() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    for number in 0..25 {
        let name = format!("zz-{number:02}");
        let fields = [("name", name.as_str()), ("description", "")];
        world
            .submit(&superuser, "/new/service", &fields)
            .await
            .leads();
    }
    let up = services(&world.page(&superuser, "/service?name=zz-").await.shown());
    let down = world
        .page(&superuser, "/service?name=zz-&sort=-name")
        .await
        .shown();
    let mut all = services(&down);
    assert_eq!(
        all[0], "zz-24",
        "the last of all pages, not of the first one"
    );
    assert!(
        down.html
            .contains("href=\"/service?name=zz-&#38;sort=-name&#38;page=2\"")
    );
    let second = world
        .page(&superuser, "/service?name=zz-&sort=-name&page=2")
        .await
        .shown();
    all.extend(services(&second));
    all.reverse();
    assert_eq!(all[..up.len()], up[..]);
    let narrowed = world
        .page(&superuser, "/service?name=zz-0&sort=-name")
        .await
        .shown();
    assert_eq!(services(&narrowed).len(), 10);
    assert!(
        narrowed
            .html
            .contains("<input type=\"hidden\" name=\"sort\" value=\"-name\">")
    );
    assert!(links(&narrowed).contains(&"/service?name=zz-0&sort=projects".to_owned()));
    for unknown in [
        "/service?name=zz-&sort=nonsense",
        "/service?name=zz-&sort=--name",
        "/service?name=zz-&sort=",
    ] {
        assert_eq!(
            services(&world.page(&superuser, unknown).await.shown()),
            up,
            "{unknown}"
        );
    }
}

#[tokio::test]
async fn urls_that_are_not_sorted_by_project_stand_in_one_table() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let grouped = world.page(&superuser, "/url").await.shown();
    let flat = world.page(&superuser, "/url?sort=-url").await.shown();
    assert!(grouped.html.matches("<table").count() > 1);
    assert_eq!(flat.html.matches("<table").count(), 1);
    let url = Regex::new("<bdi>(https?://[^<]*)</bdi>").unwrap();
    let urls: Vec<&str> = url
        .captures_iter(&flat.html)
        .map(|one| one.get(1).unwrap().as_str())
        .collect();
    assert!(
        urls.len() > 1 && urls.is_sorted_by(|a, b| a >= b),
        "{urls:?}"
    );
}

#[tokio::test]
async fn rules_that_are_not_sorted_by_owner_say_what_they_belong_to() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let grouped = world.page(&superuser, "/rule").await.shown();
    assert!(grouped.html.contains("scope=\"rowgroup\""));
    let first = world.page(&superuser, "/rule?sort=-name").await.shown();
    assert!(!first.html.contains("scope=\"rowgroup\"") && first.says("Belongs to"));
    let name = Regex::new(r#"<td><a href="/rule/[0-9]+"[^>]*><bdi>([^<]*)</bdi>"#).unwrap();
    let names = |page: &Page| -> Vec<String> {
        let found = name.captures_iter(&page.html);
        found.map(|one| one[1].to_owned()).collect()
    };
    let mut all = names(&first);
    let second = world
        .page(&superuser, "/rule?sort=-name&page=2")
        .await
        .shown();
    all.extend(names(&second));
    assert!(all.len() > 5 && all.is_sorted_by(|a, b| a > b), "{all:?}");
    let narrowed = world
        .page(&superuser, "/rule?name=Rule&sort=-overrides")
        .await
        .shown();
    let kept = "<input type=\"hidden\" name=\"sort\" value=\"-overrides\">";
    assert!(narrowed.html.contains(kept));
    assert!(links(&narrowed).contains(&"/rule?name=Rule&sort=owner".to_owned()));
}

#[tokio::test]
async fn projects_that_are_not_sorted_by_their_place_stand_in_one_table() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let name = Regex::new(r#"<td><a href="/project/[0-9]+"><bdi>([^<]*)</bdi>"#).unwrap();
    let page = world
        .page(&superuser, "/service/1?sort=-name")
        .await
        .shown();
    let names: Vec<&str> = name
        .captures_iter(&page.html)
        .map(|one| one.get(1).unwrap().as_str())
        .collect();
    assert!(
        names.len() > 1 && names.is_sorted_by(|a, b| a > b),
        "{names:?}"
    );
    assert!(page.html.contains("data-label=\"Datasource\""));
    assert!(
        links(&page).contains(&"/service/1?sort=hosts#projects".to_owned()),
        "{:?}",
        links(&page)
    );
    // Each list of the page keeps the order of the others.
    let both = world
        .page(&superuser, "/service/1?sort=-name&users-sort=-role")
        .await
        .shown();
    let others = "/service/1?users-sort=-role&sort=hosts#projects".to_owned();
    assert!(links(&both).contains(&others), "{:?}", links(&both));
}
