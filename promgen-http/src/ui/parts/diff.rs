//! What is different between two texts.
//!
//! What was put in and what was taken out is shown by colour and by a sign as well: lines by `+` and
//! `-` before them, words by a line under or through them.

use std::time::Duration;

use askama::Template;
use promgen_core::rules::tokenize;
use similar::{ChangeTag, TextDiff};

/// How long the shortest way from one text to the other is looked for; after that, any will do.
const PATIENCE: Duration = Duration::from_millis(100);

/// Longest expressions, together, that are compared token by token: a page may show fifty of them.
const LONGEST: usize = 20_000;

/// How many lines around a change are shown.
const AROUND: usize = 3;

/// Most lines that are shown.
const MOST_LINES: usize = 1000;

/// A run of text, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Run {
    tag: ChangeTag,
    text: String,
}

/// The difference between two texts.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/diff.html")]
pub(crate) struct Diff {
    runs: Vec<Run>,
    /// Whether each run is a line.
    lines: bool,
    /// How many lines are left out at the end.
    more: usize,
}

impl Diff {
    /// Between two `PromQL` expressions, token by token.
    pub(crate) fn clauses(before: &str, after: &str) -> Self {
        let long = before.len().saturating_add(after.len()) > LONGEST;
        let split = |clause| if long { vec![clause] } else { tokens(clause) };
        let (old, new) = (split(before), split(after));
        let diff = TextDiff::configure()
            .timeout(PATIENCE)
            .diff_slices(&old, &new);
        let mut runs: Vec<Run> = Vec::new();
        for change in diff.iter_all_changes() {
            match runs.last_mut() {
                Some(last) if last.tag == change.tag() => last.text.push_str(change.value()),
                _ => runs.push(Run {
                    tag: change.tag(),
                    text: change.value().to_owned(),
                }),
            }
        }
        Self {
            runs,
            lines: false,
            more: 0,
        }
    }

    /// Between two texts, line by line, with a few lines around each change.
    pub(crate) fn lines(before: &str, after: &str) -> Self {
        let diff = TextDiff::configure()
            .timeout(PATIENCE)
            .diff_lines(before, after);
        let mut runs = Vec::new();
        for (number, group) in diff.grouped_ops(AROUND).iter().enumerate() {
            if number > 0 {
                runs.push(Run {
                    tag: ChangeTag::Equal,
                    text: "⋯".to_owned(),
                });
            }
            for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
                runs.push(Run {
                    tag: change.tag(),
                    text: change.value().trim_end_matches(['\n', '\r']).to_owned(),
                });
            }
        }
        let more = runs.len().saturating_sub(MOST_LINES);
        runs.truncate(MOST_LINES);
        Self {
            runs,
            lines: true,
            more,
        }
    }

    /// With so many letters of each run at most.
    #[must_use]
    pub(crate) fn cut(mut self, letters: usize) -> Self {
        for run in &mut self.runs {
            if let Some((end, _)) = run.text.char_indices().nth(letters) {
                run.text.truncate(end);
                run.text.push('…');
            }
        }
        self
    }

    /// Whether nothing is different.
    pub(crate) fn is_empty(&self) -> bool {
        self.runs.iter().all(|run| run.tag == ChangeTag::Equal)
    }
}

impl Run {
    fn is_added(&self) -> bool {
        self.tag == ChangeTag::Insert
    }

    fn is_removed(&self) -> bool {
        self.tag == ChangeTag::Delete
    }
}

fn tokens(clause: &str) -> Vec<&str> {
    let tokens = tokenize(clause);
    tokens.iter().map(|token| token.text(clause)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_override_shows_what_was_put_in() {
        let html = Diff::clauses("up{<exclude>} == 0", r#"up{service="A",<exclude>} == 0"#);
        let html = html.to_string();
        let added = "<ins class=\"added\">service=&#34;A&#34;,</ins>";
        assert!(html.contains(added), "{html}");
        assert!(!html.contains("<del"), "{html}");
        let text = html
            .replace("<ins class=\"added\">", "")
            .replace("</ins>", "")
            .replace("<span>", "")
            .replace("</span>", "");
        let whole = ">up{service=&#34;A&#34;,&#60;exclude&#62;} == 0";
        assert!(text.contains(whole), "{text}");
    }

    #[test]
    fn of_endless_expressions_the_whole_is_different() {
        let (before, after) = ("a+".repeat(10_000), "b+".repeat(10_000));
        assert_eq!(Diff::clauses(&before, &after).runs.len(), 2);
        assert!(Diff::clauses(&before, &before).is_empty());
    }

    #[test]
    fn lines_far_from_a_change_are_left_out() {
        let before: Vec<String> = (0..50).map(|n| format!("line {n}\n")).collect();
        let mut after = before.clone();
        "changed <b>\n".clone_into(&mut after[10]);
        after.remove(40);
        let html = Diff::lines(&before.concat(), &after.concat()).to_string();
        for shown in ["- line 10<", "+ changed &#60;b&#62;<", "- line 40<", "⋯"] {
            assert!(html.contains(shown), "{shown}: {html}");
        }
        assert!(!html.contains("line 25"));
    }

    #[test]
    fn what_is_the_same_has_no_difference() {
        assert!(Diff::clauses("up", "up").is_empty());
        assert!(Diff::lines("a\nb", "a\nb").is_empty());
        assert!(!Diff::lines("a\nb", "a\nc").is_empty());
    }

    #[test]
    fn of_a_long_difference_the_beginning_is_shown() {
        let lines: Vec<String> = (0..2000).map(|n| n.to_string()).collect();
        let lines = lines.join("\n");
        let diff = Diff::lines("", &lines);
        assert_eq!((diff.runs.len(), diff.more), (MOST_LINES, 1000));
        assert!(diff.to_string().contains("+1000"));
    }
}
