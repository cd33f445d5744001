//! What stands in a page, read from its HTML: tags, links, forms.

use std::sync::LazyLock;

use regex::Regex;

static TAG: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"<(/?[a-zA-Z][a-zA-Z0-9-]*)((?:\s[^<>]*)?)>").unwrap());
static ATTRIBUTE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"([a-zA-Z][a-zA-Z0-9:_-]*)(?:="([^"]*)")?"#).unwrap());

/// A tag: its name in lower case (with a slash at its beginning when it ends something), and its
/// attributes. Templates put every value into double quotes and escape what would end it.
#[derive(Debug, Clone)]
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    end: usize,
}

impl Tag {
    /// The value of an attribute; empty for one without a value.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The tags of a page, in order.
pub(super) fn tags(html: &str) -> Vec<Tag> {
    let tag = |found: regex::Captures<'_>| Tag {
        name: found[1].to_ascii_lowercase(),
        attributes: ATTRIBUTE
            .captures_iter(&found[2])
            .map(|one| (one[1].to_ascii_lowercase(), value(one.get(2))))
            .collect(),
        end: found.get(0).unwrap().end(),
    };
    TAG.captures_iter(html).map(tag).collect()
}

fn value(text: Option<regex::Match<'_>>) -> String {
    text.map_or(String::new(), |text| unescaped(text.as_str()))
}

/// A text without the escapes that templates write.
pub(super) fn unescaped(text: &str) -> String {
    let pairs = [
        ("&#60;", "<"),
        ("&lt;", "<"),
        ("&#62;", ">"),
        ("&gt;", ">"),
        ("&#34;", "\""),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ];
    let unescape = |text: String, (from, to): &(&str, &str)| text.replace(from, to);
    pairs.iter().fold(text.to_owned(), unescape)
}

/// Where the links of a page lead.
pub(super) fn links(html: &str) -> Vec<String> {
    let links = tags(html).into_iter().filter(|tag| tag.name == "a");
    links
        .filter_map(|tag| tag.attribute("href").map(str::to_owned))
        .collect()
}

/// A form as it is when nobody has touched it.
#[derive(Debug, Clone)]
pub(super) struct Form {
    pub(super) action: String,
    pub(super) method: String,
    pub(super) fields: Vec<(String, String)>,
}

impl Form {
    /// Sets a field, or adds it.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(key, _)| key != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The fields, for a request.
    pub(super) fn pairs(&self) -> Vec<(&str, &str)> {
        self.fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }
}

/// The forms of a page.
pub(super) fn forms(html: &str) -> Vec<Form> {
    let mut forms = Vec::new();
    let mut open: Option<Form> = None;
    let mut list: Option<(String, Option<String>)> = None;
    for tag in tags(html) {
        let attribute = |name: &str| tag.attribute(name).unwrap_or_default().to_owned();
        match tag.name.as_str() {
            "form" => {
                open = Some(Form {
                    action: attribute("action"),
                    method: tag
                        .attribute("method")
                        .unwrap_or("get")
                        .to_ascii_lowercase(),
                    fields: Vec::new(),
                });
            }
            "/form" => forms.extend(open.take()),
            _ => {}
        }
        let Some(form) = &mut open else { continue };
        match tag.name.as_str() {
            "input" if is_sent(&tag) => {
                let without = if is_choice(&tag) { "on" } else { "" };
                let value = tag.attribute("value").unwrap_or(without);
                form.fields.push((attribute("name"), value.to_owned()));
            }
            "textarea" => {
                let end = html[tag.end..]
                    .find('<')
                    .map_or(html.len(), |at| tag.end + at);
                let text = unescaped(html[tag.end..end].trim_start_matches('\n'));
                form.fields.push((attribute("name"), text));
            }
            "select" => list = Some((attribute("name"), None)),
            "option" => {
                let chosen = tag.attribute("selected").is_some();
                if let Some((_, value)) = &mut list
                    && (chosen || value.is_none())
                {
                    *value = Some(attribute("value"));
                }
            }
            "/select" => {
                if let Some((name, Some(value))) = list.take() {
                    form.fields.push((name, value));
                }
            }
            _ => {}
        }
    }
    forms
}

fn is_choice(tag: &Tag) -> bool {
    matches!(tag.attribute("type"), Some("checkbox" | "radio"))
}

/// Whether a browser sends an input of a form that nobody has touched.
fn is_sent(tag: &Tag) -> bool {
    let kind = tag.attribute("type").unwrap_or("text");
    let button = matches!(kind, "submit" | "button" | "reset" | "image" | "file");
    let named = tag.attribute("name").is_some_and(|name| !name.is_empty());
    let chosen = !is_choice(tag) || tag.attribute("checked").is_some();
    named && !button && chosen && tag.attribute("disabled").is_none()
}
