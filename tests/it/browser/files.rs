//! S19: what is served as files is in the program, and no path leads out of it (CVE-2021-43798).

use promgen_tests::sample::quiet;

use super::markup::tags;
use super::stranger;
use crate::http::client::{Request, send};

/// Ways to say "one folder up", and other ways out.
const WAYS: [&str; 22] = [
    "../",
    "..%2f",
    "..%2F",
    "%2e%2e/",
    "%2e%2e%2f",
    ".%2e/",
    "..%5c",
    "..\\",
    "%2e%2e%5c",
    "..%252f",
    "%252e%252e%252f",
    "....//",
    "....%2f%2f",
    "..;/",
    "..%00/",
    "%c0%ae%c0%ae/",
    "%c0%ae%c0%ae%c0%af",
    "..%c1%9c",
    "%uff0e%uff0e/",
    "..%u2215",
    "/./../",
    "..//",
];

/// What must never be told, and where it is.
const TREASURES: [(&str, &str); 4] = [
    ("etc/passwd", "root:"),
    ("proc/self/environ", "DATABASE_URL"),
    ("promgen.yml", "permissions"),
    ("promgen.db", "SQLite format"),
];

#[tokio::test(flavor = "multi_thread")]
async fn s19_no_path_leads_out_of_the_static_files() {
    let installation = quiet("permissions: {default_role: none}\n").await;
    let web = installation.web(&["--no-worker"]).await;
    let address = web.url.trim_start_matches("http://").parse().unwrap();
    let file = static_file(&web.url).await;
    let folder = file.rsplit_once('/').unwrap().0;
    let depth = folder.matches('/').count();
    assert_eq!(
        send(address, &Request::get(&file)).await.status,
        200,
        "{file}"
    );
    let mut targets = Vec::new();
    for (treasure, word) in TREASURES {
        for way in WAYS {
            for times in [1, depth, 8] {
                targets.push((format!("{folder}/{}{treasure}", way.repeat(times)), word));
                targets.push((format!("/static/{}{treasure}", way.repeat(times)), word));
            }
        }
        targets.push((format!("{folder}//{treasure}"), word));
        targets.push((
            format!("{folder}/{}", format!("/{treasure}").replace('/', "%2f")),
            word,
        ));
        targets.push((format!("{folder}/file:///{treasure}"), word));
        targets.push((format!("{file}/../../../../../{treasure}"), word));
        targets.push((format!("{file}%00{treasure}"), word));
    }
    for (target, word) in targets {
        let answer = send(address, &Request::get(&target)).await;
        let told = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(!told.contains(word), "{target}");
        assert!(
            [400, 404].contains(&answer.status),
            "{target}: {}",
            answer.status
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_a_version_are_kept_for_long_and_each_is_what_it_says() {
    let installation = quiet("").await;
    let web = installation.web(&["--no-worker"]).await;
    let mut visitor = stranger(&web.url);
    let page = visitor.get("/login/").await.text();
    let files = files_of(&page);
    assert!(files.iter().any(|file| kind(file) == "css"), "{files:?}");
    for file in files {
        let answer = visitor.get(&file).await;
        let header = |name: &str| {
            answer
                .headers
                .get(name)
                .map_or("", |value| value.to_str().unwrap())
        };
        assert_eq!(answer.status, 200, "{file}");
        assert!(
            header("cache-control").contains("immutable"),
            "{file}: {}",
            header("cache-control")
        );
        assert_eq!(header("x-content-type-options"), "nosniff", "{file}");
        let media = match kind(&file) {
            "css" => "text/css",
            "js" => "text/javascript",
            "svg" => "image/svg+xml",
            other => panic!("{file}: {other}"),
        };
        assert!(
            header("content-type").starts_with(media),
            "{file}: {}",
            header("content-type")
        );
        assert!(!answer.headers.contains_key("set-cookie"), "{file}");
    }
}

/// The static files that a page names.
fn files_of(html: &str) -> Vec<String> {
    let tags = tags(html).into_iter();
    let named = tags.filter_map(|tag| match tag.name.as_str() {
        "link" => tag.attribute("href").map(str::to_owned),
        "script" | "img" => tag.attribute("src").map(str::to_owned),
        _ => None,
    });
    named.filter(|path| path.starts_with("/static/")).collect()
}

async fn static_file(site: &str) -> String {
    let page = stranger(site).get("/login/").await.text();
    let files = files_of(&page);
    files
        .into_iter()
        .next()
        .unwrap_or_else(|| panic!("no static file in {page}"))
}

/// What comes after the last point of a path.
fn kind(file: &str) -> &str {
    file.rsplit_once('.').map_or("", |(_, kind)| kind)
}
