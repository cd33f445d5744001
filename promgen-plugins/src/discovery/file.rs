//! Farms from files: YAML or JSON, read anew at each question.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use promgen_core::config::Settings;
use promgen_core::plugin::{
    Discovery, DiscoveryContext, DiscoveryDescription, DiscoveryError, PluginError,
};
use promgen_core::register_discovery;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::groups::{FARM_LABEL, Farms, Group, short};
use super::memo::Memo;
use super::section::Reader;

/// Largest file: as much as an answer over HTTP may be.
const FILE_BYTES: u64 = 64 * 1024 * 1024;

/// Most events of the YAML parser; a million hosts take about that many twice.
const MAX_EVENTS: usize = 4_000_000;

static FILE: DiscoveryDescription = DiscoveryDescription {
    key: "file",
    label: "Files",
    help: "Farms from YAML or JSON files on the machine of the worker: a mapping of farm to hosts, \
           or groups as Prometheus' file_sd takes them, with the farm in the label `farm`. The \
           files are named in promgen.discovery.file: path.",
    section: SECTION,
    build: |settings| Ok(Arc::new(File::new(settings)?)),
};

register_discovery!(FILE);

const SECTION: &str = "promgen.discovery.file";

#[derive(Debug)]
struct File {
    paths: Vec<PathBuf>,
    timeout: Duration,
    memo: Memo<String>,
}

impl File {
    fn new(settings: &Settings) -> Result<Self, PluginError> {
        let section = Reader::open(settings, SECTION, &["path"])?;
        let paths = section.texts("path")?;
        if paths.iter().any(String::is_empty) {
            return Err(section.refuse("path is empty", "give the path of a file"));
        }
        Ok(Self {
            paths: paths.into_iter().map(PathBuf::from).collect(),
            timeout: settings.discovery.timeout,
            memo: Memo::new(),
        })
    }

    /// The farms of all files. One that cannot be read fails them all: its hosts would seem gone.
    async fn read(&self) -> Result<Arc<Farms>, DiscoveryError> {
        if self.paths.is_empty() {
            return Err(DiscoveryError {
                message: format!("no file is named; set `{SECTION}: path`"),
            });
        }
        let mut texts = Vec::with_capacity(self.paths.len());
        for path in &self.paths {
            // A network file system may never answer.
            let reading = tokio::time::timeout(self.timeout, text_of(path)).await;
            let text = reading.unwrap_or_else(|_| {
                let seconds = self.timeout.as_secs_f64();
                Err(format!(
                    "not read within {seconds} s; check its file system"
                ))
            });
            texts.push(text.map_err(|message| wrong(path, &message))?);
        }
        self.memo.farms(texts, |texts| self.parse(texts))
    }

    /// The texts are those of the files, in their order.
    fn parse(&self, texts: &[String]) -> Result<Farms, DiscoveryError> {
        let mut farms = Farms::default();
        for (path, text) in self.paths.iter().zip(texts) {
            add(&mut farms, path, text).map_err(|message| wrong(path, &message))?;
        }
        Ok(farms)
    }
}

fn wrong(path: &Path, message: &str) -> DiscoveryError {
    DiscoveryError {
        message: format!("{}: {message}", path.display()),
    }
}

#[async_trait]
impl Discovery for File {
    async fn farms(&self, _context: &dyn DiscoveryContext) -> Result<Vec<String>, DiscoveryError> {
        Ok(self.read().await?.names())
    }

    async fn fetch(
        &self,
        _context: &dyn DiscoveryContext,
        farm: &str,
    ) -> Result<Vec<String>, DiscoveryError> {
        self.read().await?.hosts(farm)
    }
}

async fn text_of(path: &Path) -> Result<String, String> {
    let remedy = format!("check `{SECTION}: path`, and that this user may read it");
    let unreadable = |error: std::io::Error| format!("{error}; {remedy}");
    let found = tokio::fs::metadata(path).await.map_err(unreadable)?;
    if !found.is_file() {
        return Err("is no file; name a file, not a folder".to_owned());
    }
    if found.len() > FILE_BYTES {
        return Err("is larger than 64 MiB; split it, and name the parts in a list".to_owned());
    }
    let bytes = tokio::fs::read(path).await.map_err(unreadable)?;
    let text = String::from_utf8(bytes);
    let text = text.map_err(|_| "is not UTF-8; save it as UTF-8".to_owned())?;
    // Editors of other systems begin a file with a mark, which is no JSON.
    let unmarked = text.strip_prefix('\u{feff}').map(str::to_owned);
    Ok(unmarked.unwrap_or(text))
}

/// Adds what a file says; the name of a file that holds JSON ends in `.json`.
fn add(farms: &mut Farms, path: &Path, text: &str) -> Result<(), String> {
    let is_json = path
        .extension()
        .is_some_and(|extension| extension == "json");
    let wanted = "a mapping of farm to hosts, or groups as file_sd has them; mend it there";
    let read = if is_json {
        serde_json::from_str(text).map_err(|error| short(&error))
    } else {
        from_yaml(text)
    };
    match read.map_err(|error| format!("{error}; it must be {wanted}"))? {
        Content::Nothing => {}
        Content::Farms(all) => all
            .into_iter()
            .for_each(|(farm, hosts)| farms.add(farm, &hosts.unwrap_or_default())),
        Content::Groups(groups) => farms.add_groups(groups, FARM_LABEL),
    }
    Ok(())
}

fn from_yaml(text: &str) -> Result<Content, String> {
    let options = serde_saphyr::options! {
        with_snippet: false,
        budget: serde_saphyr::budget! { max_events: MAX_EVENTS, max_nodes: MAX_EVENTS },
    };
    serde_saphyr::from_str_with_options(text, options)
        .map_err(|error: serde_saphyr::Error| short(&error.without_snippet()))
}

/// What a file holds.
#[derive(Debug)]
enum Content {
    Nothing,
    Farms(BTreeMap<String, Option<Vec<String>>>),
    Groups(Vec<Group>),
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyContent)
    }
}

/// Decides by the outermost form; an untagged enum would lose the place of an error.
struct AnyContent;

impl<'de> Visitor<'de> for AnyContent {
    type Value = Content;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping of farms or a list of groups")
    }

    fn visit_unit<E>(self) -> Result<Content, E> {
        Ok(Content::Nothing)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Content, A::Error> {
        let mut farms: BTreeMap<String, _> = BTreeMap::new();
        while let Some((farm, hosts)) = map.next_entry()? {
            match farms.entry(farm) {
                Entry::Vacant(farm) => farm.insert(hosts),
                // The hosts of the first one would be gone unseen.
                Entry::Occupied(farm) => {
                    let message = format!("farm {:?} stands here twice", farm.key());
                    return Err(A::Error::custom(message));
                }
            };
        }
        Ok(Content::Farms(farms))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Content, A::Error> {
        let mut groups = Vec::new();
        while let Some(group) = seq.next_element()? {
            groups.push(group);
        }
        Ok(Content::Groups(groups))
    }
}

#[cfg(test)]
mod tests;
