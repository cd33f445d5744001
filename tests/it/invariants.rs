//! The invariants of docs/ARCHITECTURE.md, each with a check that fails when it is broken.

use std::path::{Path, PathBuf};

/// A Rust file of the workspace: its path from the root, and its text.
pub(super) struct Source {
    pub(super) path: String,
    pub(super) text: String,
}

pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

pub(super) fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    for member in [
        "promgen-core",
        "promgen-plugins",
        "promgen-plugins/examples/acme",
        "promgen-http",
        "promgen-cli",
    ] {
        collect(&root().join(member).join("src"), member, &mut sources);
    }
    assert!(sources.len() > 100, "the sources are found");
    // Tests of a module may look at its output with whatever reads it.
    sources.retain(|source| !source.path.ends_with("/tests.rs"));
    sources
}

fn collect(folder: &Path, name: &str, sources: &mut Vec<Source>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let file = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        if path.is_dir() {
            collect(&path, &format!("{name}/{file}"), sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let name = name.replacen('/', "/src/", 1);
            let name = if name.contains("/src/") {
                name
            } else {
                format!("{name}/src")
            };
            sources.push(Source {
                path: format!("{}/{file}", name.replace("/src/src", "/src")),
                text,
            });
        }
    }
}

/// The code of a file: without comments and the tests at its end.
fn code(text: &str) -> String {
    let code = text
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or_default();
    let lines = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Files outside of `allowed` whose code names one of `words`.
pub(super) fn offenders(sources: &[Source], words: &[&str], allowed: &[&str]) -> Vec<String> {
    let names = |source: &&Source| {
        let code = code(&source.text);
        words.iter().any(|word| code.contains(word))
    };
    let outside = |source: &&Source| !allowed.iter().any(|prefix| source.path.starts_with(prefix));
    sources
        .iter()
        .filter(outside)
        .filter(names)
        .map(|source| source.path.clone())
        .collect()
}

#[test]
fn the_check_itself_finds_an_offender() {
    let bad = [Source {
        path: "promgen-core/src/alert/x.rs".into(),
        text: "use sea_orm::X;".into(),
    }];
    assert_eq!(
        offenders(&bad, &["sea_orm::"], &["promgen-core/src/store/"]).len(),
        1
    );
    let good = [Source {
        path: "promgen-core/src/alert/x.rs".into(),
        text: "// sea_orm::X".into(),
    }];
    assert!(offenders(&good, &["sea_orm::"], &[]).is_empty());
}

#[test]
fn each_library_is_named_in_its_own_room() {
    let sources = sources();
    let rooms: [(&[&str], &[&str]); 8] = [
        (
            &["sea_orm::", "sqlx::"],
            &[
                "promgen-core/src/store/",
                "promgen-core/src/model/id.rs",
                "promgen-core/src/model/time.rs",
            ],
        ),
        (&["reqwest::"], &["promgen-core/src/egress/"]),
        (&["jiff::"], &["promgen-core/src/model/zone.rs"]),
        (&["hyper::", "hyper_util::"], &["promgen-http/src/"]),
        (&["axum::"], &["promgen-http/src/", "promgen-cli/src/demo/"]),
        (&["inventory::"], &["promgen-core/src/plugin/"]),
        (&["prometheus_client::"], &["promgen-core/src/app/metrics/"]),
        (
            &["serde_yaml::", "serde_saphyr::"],
            &[
                "promgen-core/src/render/yaml.rs",
                "promgen-core/src/document/",
                "promgen-core/src/config/",
                "promgen-plugins/src/discovery/",
            ],
        ),
    ];
    for (words, allowed) in rooms {
        assert_eq!(
            offenders(&sources, words, allowed),
            Vec::<String>::new(),
            "{words:?}"
        );
    }
}

#[test]
fn only_use_cases_open_transactions() {
    let allowed = ["promgen-core/src/app/", "promgen-core/src/store/"];
    let found = offenders(&sources(), &["write_tx(", "read_tx("], &allowed);
    assert_eq!(found, Vec::<String>::new());
}

/// Modules without files, network and database.
const PURE: [&str; 10] = [
    "model",
    "rules",
    "promql",
    "render",
    "alert",
    "delivery",
    "tree",
    "document",
    "import",
    "exposition",
];

#[test]
fn pure_modules_know_nothing_of_the_world() {
    let sources = sources();
    for module in PURE {
        let prefix = format!("promgen-core/src/{module}/");
        let own: Vec<Source> = sources
            .iter()
            .filter(|source| source.path.starts_with(&prefix))
            .map(|source| Source {
                path: source.path.clone(),
                text: source.text.clone(),
            })
            .collect();
        assert!(!own.is_empty(), "{module}");
        let worldly = [
            "crate::store",
            "crate::app",
            "crate::egress",
            "tokio::",
            "std::fs",
            "std::net::Tcp",
        ];
        assert_eq!(
            offenders(&own, &worldly, &[]),
            Vec::<String>::new(),
            "{module}"
        );
    }
    let model = [
        "crate::rules",
        "crate::render",
        "crate::alert",
        "crate::tree",
        "crate::plugin",
        "crate::config",
    ];
    let found = offenders(
        &sources,
        &model,
        &[
            "promgen-core/src/",
            "promgen-plugins/",
            "promgen-http/",
            "promgen-cli/",
        ],
    );
    assert!(found.is_empty());
    let own: Vec<Source> = sources
        .into_iter()
        .filter(|source| source.path.starts_with("promgen-core/src/model/"))
        .collect();
    assert_eq!(offenders(&own, &model, &[]), Vec::<String>::new());
}

#[test]
fn plugins_know_no_use_cases_and_no_database() {
    let own: Vec<Source> = sources()
        .into_iter()
        .filter(|source| source.path.starts_with("promgen-plugins/"))
        .collect();
    let found = offenders(
        &own,
        &[
            "promgen_core::app",
            "promgen_core::store",
            "promgen_core::egress",
        ],
        &[],
    );
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn both_programs_link_the_drivers() {
    for file in ["promgen-http/src/main.rs", "promgen-cli/src/lib.rs"] {
        let text = std::fs::read_to_string(root().join(file)).unwrap();
        assert!(text.contains("use promgen_plugins as _;"), "{file}");
    }
}

#[test]
fn no_lint_is_switched_off_and_nothing_is_left_to_do() {
    let sources = sources();
    for word in ["#[allow(", "#![allow(", "todo!(", "unimplemented!("] {
        assert_eq!(
            offenders(&sources, &[word], &[]),
            Vec::<String>::new(),
            "{word}"
        );
    }
    let notes: Vec<&str> = sources
        .iter()
        .filter(|source| source.text.contains("TODO") || source.text.contains("FIXME"))
        .map(|source| source.path.as_str())
        .collect();
    assert_eq!(notes, Vec::<&str>::new());
}

/// S16: statements are built from values and constants; where a text is given to a database as it
/// is, nothing is put into it.
#[test]
fn s16_no_statement_is_put_together_as_text() {
    let ways = [
        "from_string(",
        "execute_unprepared(",
        "from_sql_and_values(",
        "raw_sql(",
    ];
    for source in sources() {
        let code = code(&source.text);
        // The migrations' texts are made of constants, before anybody asks anything.
        let ours = source.path.starts_with("promgen-core/src/store/")
            && !source.path.contains("/migration/");
        if !ours {
            continue;
        }
        for way in ways {
            let lines = code.lines().filter(|line| line.contains(way));
            let constant = |line: &&str| line.contains("DbBackend::MySql, query)");
            let found: Vec<&str> = lines.filter(|line| !constant(line)).collect();
            assert!(found.is_empty(), "{}: {found:?}", source.path);
        }
        for after in code
            .split("::cust(")
            .skip(1)
            .chain(code.split("cust_with_values(").skip(1))
        {
            let begins = after.trim_start();
            assert!(
                // Names of constants, one for each database.
                ["\"", "find", "sum"]
                    .iter()
                    .any(|one| begins.starts_with(one)),
                "{}: {}",
                source.path,
                begins.lines().next().unwrap_or_default()
            );
        }
    }
}
