//! Looks through the sources for sentences that `said.ftl` lacks.
//!
//! Sentences are made in many places, often with a name first (`let message = …`), so that every text
//! that looks like a sentence is asked for, and what is none of a page is listed here. Single words,
//! and what is put together from pieces, have to be thought of by hand.

use std::path::{Path, PathBuf};

use super::literals::{Literal, literals};
use super::said::fitting;

/// Where the texts come from.
const ROOTS: [&str; 5] = [
    "promgen-core/src",
    "promgen-plugins/src",
    "promgen-http/src/ui",
    "promgen-http/src/extract",
    "promgen-http/src/error.rs",
];

/// Where texts are that no page shows.
const ELSEWHERE: [&str; 17] = [
    // Only the command line tells about settings, documents of the tree, and how the installation is.
    "promgen-core/src/config/",
    "promgen-core/src/tree/",
    "promgen-core/src/app/tree/",
    "promgen-core/src/app/check.rs",
    "promgen-core/src/app/doctor/",
    "promgen-core/src/app/farms/list.rs",
    // For machines, and for the log.
    "promgen-core/src/app/health.rs",
    "promgen-core/src/app/metrics/",
    "promgen-core/src/store/",
    // What Prometheus, and those who are told about an alert, read.
    "promgen-core/src/render/json.rs",
    "promgen-core/src/render/rules",
    "promgen-core/src/render/yaml.rs",
    "promgen-core/src/alert/fit.rs",
    "promgen-core/src/alert/text.rs",
    // Pages tell the history in their own words.
    "promgen-core/src/model/audit/",
    // Sources for the tests of others, and these ones.
    "/testing/",
    "promgen-http/src/ui/text/",
];

/// Beginnings of texts that no page shows, or that are a piece of a sentence.
const ASIDE: &[&str] = &[
    // Why a sender got an alert or did not: pages have words of their own (`alerts-why-…`).
    "no filter matches",
    "has it already by another way",
    "no such object",
    "the project belongs to another service",
    "not named by all alerts of the message",
    "no personal notifier",
    "the driver is not part of this program",
    "the user is inactive",
    "superseded by a newer message",
    // How a server is: pages have words of their own.
    "in sync",
    "never seen",
    // Texts that are kept or sent.
    "Silenced from Promgen",
    "A new password for Promgen",
    "Somebody, probably you,",
    "View alert in Promgen",
    "promgen form token",
    "A test: nothing is wrong",
    // Told to the log, or inside of it alone.
    "x1; the hosts are kept",
    "a worker ended",
    "rendering panicked",
    "the path names no file",
    "write CIDRs",
    "link handed out",
    "the cookie x1 cannot be sent",
    "a login backend named an issuer",
    "\"x1\" is not an address range",
    // What a login backend says goes to the log; the page tells what can be done.
    "a member of none of the organizations",
    "the login was not begun by this browser",
    "the state is not the one of this login",
    "the other site ",
    "no token for the code: ",
    "the token endpoint",
    "the operating system gives no random bytes",
    "what is not the JSON expected",
    "the header x1 came twice",
    "is by another issuer",
    "is for another client",
    "has ended, or says no end",
    "is from the future",
    "belongs to another login",
    "the userinfo is about somebody else",
    "the groups claim is no list of texts",
    "is no signed token",
    "is signed by a key",
    "has a wrong signature",
    "the ID token x1",
    "another provider answered",
    "x1 speaks for another issuer",
    "x1 names an address without TLS",
    // Asked for by programs alone.
    "metric must be samples or exporters",
    // Pieces of sentences that the file has as a whole.
    "the URL",
    "the rules",
    "a truth value",
    "true or false",
    "a text; put it in quotes",
    "silence alerts for",
    "expire the silence that matches",
    "the following x1: x1",
    "You do not have permission to x1 x1.",
    "made it",
    "changed it",
    "ended it",
    "gave no answer",
    "took it back",
    "cannot connect: ",
    "; this machine has no certificate authorities",
    // Shown as they are, to be copied.
    "groups:\n",
    "rule_files: ",
    "route: ",
    "curl -sSf ",
    "# promgen.yml",
];

/// What a text stands in that no page shows, or that has its own translation (`described.rs`).
const CALLS: [&str; 9] = [
    "help: ",
    "label: ",
    "reason = ",
    "expect(",
    "assert!(",
    "panic!(",
    "println!(",
    "source = ",
    "cfg(feature = ",
];

fn sources(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            sources(&entry.unwrap().path(), found);
        }
    } else if path.extension().is_some_and(|kind| kind == "rs") {
        found.push(path.to_owned());
    }
}

/// Whether a source has nothing but tests in it.
fn is_of_tests(name: &str) -> bool {
    let stem = name.trim_end_matches(".rs");
    stem.split('/')
        .any(|part| matches!(part, "tests" | "samples"))
}

/// What a text says with something in its holes.
fn filled(text: &str) -> String {
    let (mut filled, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(['{', '}']) {
        filled.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("{{") {
            filled.push('{');
            rest = after;
        } else if let Some(after) = rest.strip_prefix("}}") {
            filled.push('}');
            rest = after;
        } else if let Some((hole, after)) = rest.split_once('}') {
            let quoted = hole.ends_with(":?");
            filled.push_str(if quoted { "\"x1\"" } else { "x1" });
            rest = after;
        } else {
            break;
        }
    }
    filled + rest
}

/// Whether a text is words in a row, at least two of them. A noun with its article is none.
fn is_sentence(text: &str) -> bool {
    let of_letters = |word: &&str| {
        let word = word.trim_matches(|c: char| c.is_ascii_punctuation());
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_ascii_alphabetic() || c == '\'' || c == '-')
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    if let ["a" | "an", _] = words.as_slice() {
        return false;
    }
    let pairs = words.windows(2).filter(|pair| pair.iter().all(of_letters));
    let plain = |word: &&str| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase());
    pairs.count() > 0 && words.iter().any(plain) && !text.contains("{%") && !text.contains("</")
}

/// Whether a text is said to people, going by what stands before it.
fn is_said(literal: &Literal<'_>) -> bool {
    let before = literal.before.trim_end();
    let called = CALLS.iter().any(|call| before.ends_with(call.trim_end()));
    let statement = before.rsplit([';', '}', '{']).next().unwrap_or_default();
    let logged = ["tracing::", "info!(", "warn!(", "debug!("];
    !called && !logged.iter().any(|call| statement.contains(call))
}

#[test]
fn every_sentence_of_a_page_has_a_translation() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    for path in ROOTS {
        sources(&root.join(path), &mut files);
    }
    let (mut missing, mut known) = (Vec::new(), 0);
    let mut needed = vec![false; ASIDE.len()];
    for file in files {
        let name = file
            .strip_prefix(root)
            .unwrap()
            .to_string_lossy()
            .replace('\\', "/");
        if is_of_tests(&name) || ELSEWHERE.iter().any(|room| name.contains(room)) {
            continue;
        }
        let source = std::fs::read_to_string(&file).unwrap();
        for literal in literals(&source) {
            let text = filled(&literal.text);
            if !is_sentence(&text) || !is_said(&literal) {
                continue;
            }
            let aside = ASIDE.iter().position(|aside| text.starts_with(aside));
            if fitting(&text).is_some() || fitting(&literal.text).is_some() {
                known += 1;
            } else if let Some(aside) = aside {
                needed[aside] = true;
            } else {
                missing.push(format!("{name}:{}: {}", literal.line, literal.text));
            }
        }
    }
    assert!(
        missing.is_empty(),
        "no translation:\n{}",
        missing.join("\n")
    );
    assert!(known > 500, "the sources were hardly read: {known}");
    let idle = ASIDE.iter().zip(needed).filter(|(_, needed)| !needed);
    let idle: Vec<_> = idle.map(|(aside, _)| aside).collect();
    assert!(idle.is_empty(), "nowhere in the sources: {idle:?}");
}

#[test]
fn holes_are_filled_and_sentences_known() {
    assert_eq!(filled("{name:?} is {} of {{x}}"), "\"x1\" is x1 of {x}");
    assert_eq!(filled("{ is never closed"), "{ is never closed");
    for text in [
        "is empty",
        "x1 is not a port",
        "give a name; \"x1\" is none",
    ] {
        assert!(is_sentence(text), "{text}");
    }
    for text in ["HTTP x1", "x1: x1", "x1, x1", "application/json", "a list"] {
        assert!(!is_sentence(text), "{text}");
    }
}
