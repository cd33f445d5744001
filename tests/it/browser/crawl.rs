//! Every page, as somebody sees it who follows all links.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use http::{HeaderMap, Method};
use promgen_http::route_rows;
use promgen_tests::http::{Answer, encoded};
use url::Url;

use super::Visitor;
use super::markup::{forms, links};

/// A page as somebody got it.
#[derive(Debug, Clone)]
pub(super) struct Page {
    pub(super) who: &'static str,
    /// Path and query.
    pub(super) path: String,
    /// The path of its route.
    pub(super) route: String,
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) html: String,
}

impl Page {
    /// Who looks where.
    pub(super) fn name(&self) -> String {
        format!("{} on {}", self.who, self.path)
    }
}

/// All that was found.
#[derive(Debug, Default)]
pub(super) struct Crawl {
    pub(super) pages: Vec<Page>,
    /// Links that lead nowhere: from, to, and the status.
    pub(super) dead: Vec<String>,
    /// Routes of pages that no link leads to.
    pub(super) unlinked: Vec<String>,
}

/// How many pages of one kind are looked at: of the same route with the same parameters.
const OF_A_KIND: usize = 2;

/// How many pages of one route are looked at: labels as parameters can be put together without end.
const OF_A_ROUTE: usize = 12;

/// What is not for people: programs ask for it, or it is the documentation of those.
const FOR_PROGRAMS: [&str; 4] = ["/rest/", "/api/", "/proxy/", "/static/"];

impl Crawl {
    /// Follows all links from the home page, and asks for what no link leads to.
    pub(super) async fn of(visitor: &mut Visitor, who: &'static str) -> Self {
        let mut crawl = Self::default();
        let routes = Routes::new();
        let mut walk = Walk::default();
        walk.add("/", "the beginning", &routes);
        while let Some((path, from)) = walk.queue.pop_front() {
            let answer = visitor.get(&path).await;
            if answer.status >= 400 {
                crawl
                    .dead
                    .push(format!("{who}: {from} -> {path}: {}", answer.status));
            }
            walk.follow(&path, &answer, &routes);
            crawl.note(who, &path, &routes, answer);
        }
        for path in walk.missing(&routes) {
            let answer = visitor.get(&path).await;
            if is_page(&answer) && answer.status == 200 {
                crawl.unlinked.push(routes.of(&path).unwrap_or_default());
            }
            crawl.note(who, &path, &routes, answer);
        }
        crawl
    }

    fn note(&mut self, who: &'static str, path: &str, routes: &Routes, answer: Answer) {
        if is_page(&answer) && !is_for_programs(path) {
            self.pages.push(Page {
                who,
                path: path.to_owned(),
                route: routes.of(path).unwrap_or_default(),
                status: answer.status,
                html: answer.text(),
                headers: answer.headers,
            });
        }
    }
}

/// What is still to be seen.
#[derive(Debug, Default)]
struct Walk {
    queue: VecDeque<(String, String)>,
    seen: BTreeSet<String>,
    kinds: BTreeMap<(String, Vec<String>), usize>,
    routes: BTreeMap<String, usize>,
    /// What stood in a path after another part of it: ids of things that exist.
    ids: BTreeMap<String, String>,
}

impl Walk {
    fn follow(&mut self, path: &str, answer: &Answer, routes: &Routes) {
        if let Some(to) = answer.headers.get("location") {
            self.add(&resolved(path, to.to_str().unwrap()), path, routes);
        }
        if is_page(answer) && !is_for_programs(path) {
            for link in leads_to(&answer.text()) {
                self.add(&resolved(path, &link), path, routes);
            }
        }
    }

    fn add(&mut self, path: &str, from: &str, routes: &Routes) {
        if !path.starts_with('/') || !self.seen.insert(path.to_owned()) {
            return;
        }
        let url = Url::parse(BASE).unwrap().join(path).unwrap();
        let parts: Vec<&str> = url.path().split('/').collect();
        for pair in parts.windows(2) {
            self.ids
                .entry(pair[0].to_owned())
                .or_insert(pair[1].to_owned());
        }
        // Where there is no such route, the link is followed all the same, and found to be dead.
        let route = routes.of(url.path()).unwrap_or_else(|| path.to_owned());
        let mut names: Vec<String> = url
            .query_pairs()
            .map(|(name, _)| name.into_owned())
            .collect();
        names.sort();
        let of_route = self.routes.entry(route.clone()).or_default();
        let of_kind = self.kinds.entry((route, names)).or_default();
        if *of_kind < OF_A_KIND && *of_route < OF_A_ROUTE {
            (*of_kind, *of_route) = (*of_kind + 1, *of_route + 1);
            self.queue.push_back((path.to_owned(), from.to_owned()));
        }
    }

    /// A path for each route that was not seen, made with ids that were.
    fn missing(&self, routes: &Routes) -> Vec<String> {
        let missing = routes
            .0
            .iter()
            .filter(|route| !self.routes.contains_key(*route));
        missing.filter_map(|route| self.filled(route)).collect()
    }

    fn filled(&self, route: &str) -> Option<String> {
        let mut path = String::new();
        let mut before = "";
        for part in route.split('/').skip(1) {
            path.push('/');
            if part.starts_with('{') {
                path.push_str(self.ids.get(before)?);
            } else {
                path.push_str(part);
                before = part;
            }
        }
        (!is_for_programs(&path)).then_some(path)
    }
}

const BASE: &str = "http://promgen.invalid/";

/// Where links lead, and forms that only ask, as they are.
fn leads_to(html: &str) -> Vec<String> {
    let asking = forms(html).into_iter().filter(|form| form.method == "get");
    let asked = asking.map(|form| format!("{}?{}", form.action, encoded(&form.pairs())));
    links(html).into_iter().chain(asked).collect()
}

/// Where a link of a page leads, without what comes after `#`; a link to elsewhere stays whole.
fn resolved(page: &str, link: &str) -> String {
    let base = Url::parse(BASE).unwrap().join(page).unwrap();
    let Ok(mut url) = base.join(link) else {
        return link.to_owned();
    };
    url.set_fragment(None);
    let text = url.to_string();
    let local = text.strip_prefix(BASE).map(|path| format!("/{path}"));
    local.unwrap_or(text)
}

/// Whether a path is not for people.
pub(super) fn is_for_programs(path: &str) -> bool {
    FOR_PROGRAMS.iter().any(|prefix| path.starts_with(prefix))
}

/// Whether it is HTML.
fn is_page(answer: &Answer) -> bool {
    let media = answer.headers.get("content-type");
    media.is_some_and(|media| media.to_str().unwrap().starts_with("text/html"))
}

/// The paths of all routes that answer `GET`, those with the fewest variables first.
struct Routes(Vec<String>);

impl Routes {
    fn new() -> Self {
        let rows = route_rows().into_iter();
        let mut paths: Vec<String> = rows
            .filter(|row| row.method == Method::GET)
            .map(|row| row.path)
            .collect();
        paths.sort_by_key(|path| (path.matches('{').count(), path.clone()));
        Self(paths)
    }

    /// The route of a path.
    fn of(&self, path: &str) -> Option<String> {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let found = self.0.iter().find(|route| is_of(route, path));
        found.cloned()
    }
}

/// Whether a path is of a route.
pub(super) fn is_of(route: &str, path: &str) -> bool {
    let (mut wanted, mut parts) = (route.split('/'), path.split('/'));
    loop {
        match (wanted.next(), parts.next()) {
            (None, None) => return true,
            (Some(name), Some(_)) if name.starts_with("{*") => return true,
            (Some(name), Some(part)) if name == part => {}
            (Some(name), Some(part)) if name.starts_with('{') && !part.is_empty() => {}
            _ => return false,
        }
    }
}
