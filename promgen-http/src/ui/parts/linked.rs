//! Text that people wrote, with the addresses in it as links.

use askama::Template;
use url::Url;

/// A text in which `http` and `https` addresses can be clicked. Everything else stays text: no other
/// scheme ever becomes a link.
#[derive(Debug, Clone, Template)]
#[template(
    ext = "html",
    source = r#"<bdi class="lines">{% for piece in pieces %}{% if piece.link %}<a href="{{ piece.text }}" rel="noopener noreferrer">{{ piece.text }}</a>{% else %}{{ piece.text }}{% endif %}{% endfor %}</bdi>"#
)]
pub(crate) struct Linked {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    text: String,
    link: bool,
}

impl Linked {
    /// Finds the addresses in a text.
    pub(crate) fn new(text: &str) -> Self {
        let mut pieces: Vec<Piece> = Vec::new();
        for word in text.split_inclusive(char::is_whitespace) {
            let bare = word.trim_end();
            let end = bare.trim_end_matches(['.', ',', ';', ':', ')', ']', '>', '"', '\'']);
            if is_address(end) {
                pieces.push(Piece {
                    text: end.to_owned(),
                    link: true,
                });
                add(&mut pieces, word.get(end.len()..).unwrap_or_default());
            } else {
                add(&mut pieces, word);
            }
        }
        Self { pieces }
    }
}

/// Whether a browser would go where it says.
pub(crate) fn is_address(text: &str) -> bool {
    let scheme = text.starts_with("http://") || text.starts_with("https://");
    scheme && Url::parse(text).is_ok_and(|url| url.has_host())
}

fn add(pieces: &mut Vec<Piece>, text: &str) {
    if text.is_empty() {
        return;
    }
    match pieces.last_mut().filter(|last| !last.link) {
        Some(last) => last.text.push_str(text),
        None => pieces.push(Piece {
            text: text.to_owned(),
            link: false,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_web_become_links() {
        let links = |text: &str| -> Vec<String> {
            let pieces = Linked::new(text).pieces;
            let whole: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
            assert_eq!(whole, text, "nothing is lost");
            let links = pieces.into_iter().filter(|piece| piece.link);
            links.map(|piece| piece.text).collect()
        };
        assert_eq!(
            links("see http://x/y, then https://z."),
            ["http://x/y", "https://z"]
        );
        assert_eq!(links("(https://a/b?c=d&e)"), Vec::<String>::new());
        for text in [
            "javascript:alert(1)",
            "data:text/html,x",
            "http://",
            "a http:/x",
            "",
        ] {
            assert!(links(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_link_is_escaped_all_the_same() {
        let html = Linked::new("<b> http://x/\"onclick=1").to_string();
        assert!(
            html.contains("&#60;b&#62;") && !html.contains("\"onclick"),
            "{html}"
        );
    }
}
