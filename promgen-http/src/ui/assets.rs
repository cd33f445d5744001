//! Style sheets and scripts, part of the program. A file is found by comparing names in one table;
//! nothing that somebody asks for ever becomes a path (anchor S19).

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use sha2::{Digest as _, Sha256};

use crate::error::HttpError;

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

/// One style sheet out of the files of its parts, in order.
const STYLE: &str = concat!(
    include_str!("../../static/css/tokens.css"),
    include_str!("../../static/css/base.css"),
    include_str!("../../static/css/frame.css"),
    include_str!("../../static/css/forms.css"),
    include_str!("../../static/css/tables.css"),
    include_str!("../../static/css/parts.css"),
    include_str!("../../static/css/areas.css"),
);

macro_rules! scripts {
    ($($name:literal)*) => {
        &[
            ("promgen.css", CSS, STYLE),
            ("icon.svg", SVG, include_str!("../../static/icon.svg")),
            $(($name, JS, include_str!(concat!("../../static/", $name)))),*
        ]
    };
}

/// Name, type and content of every file.
const FILES: &[(&str, &str, &str)] = scripts! {
    "promgen.js"
    "badges.js"
    "chosen.js"
    "copy.js"
    "dismiss.js"
    "dialog.js"
    "fill.js"
    "filter.js"
    "live.js"
    "load.js"
    "menus.js"
    "rows.js"
    "sort.js"
    "suggest.js"
    "swap.js"
    "tabs.js"
    "usages.js"
};

/// The folder of this version: its name changes when a file does, so that browsers may keep it.
static BASE: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    for (name, _, content) in FILES {
        hash.update(name);
        hash.update(content);
    }
    let mut base = "/static/".to_owned();
    for byte in hash.finalize().iter().take(6) {
        // Writing to a text does not fail.
        write!(base, "{byte:02x}").ok();
    }
    base
});

/// Where the files of this version are, without a slash at the end.
pub(crate) fn base() -> &'static str {
    &BASE
}

/// `GET /static/{version}/{name}`
pub(crate) async fn file(
    Path((version, name)): Path<(String, String)>,
) -> Result<Response, HttpError> {
    let found = FILES.iter().find(|(known, _, _)| *known == name);
    let (_, kind, content) = found.ok_or(HttpError::NoRoute)?;
    // A page of another version, still open in some browser, gets what there is.
    let current = BASE.strip_prefix("/static/") == Some(version.as_str());
    let keep = if current {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    Ok(([(CONTENT_TYPE, *kind), (CACHE_CONTROL, keep)], *content).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_has_no_colours_outside_of_its_tokens() {
        let tokens = include_str!("../../static/css/tokens.css");
        let rest = STYLE.strip_prefix(tokens).unwrap();
        for line in rest.lines() {
            let value = line.split_once(':').map_or("", |(_, value)| value);
            let literal = value.contains('#') || value.contains("rgb") || value.contains("hsl");
            assert!(!literal, "{line}");
        }
    }

    #[test]
    fn every_script_is_there_once() {
        let mut names: Vec<&str> = FILES.iter().map(|(name, _, _)| *name).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/static");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap();
            let is_script = path.extension().is_some_and(|kind| kind == "js");
            assert!(!is_script || names.contains(&name), "{name}");
        }
    }

    #[test]
    fn nothing_is_loaded_from_elsewhere() {
        for (name, _, content) in FILES {
            let stranger = content
                .replace("http://www.w3.org/2000/svg", "")
                .contains("http");
            assert!(!stranger, "{name}");
        }
    }
}
