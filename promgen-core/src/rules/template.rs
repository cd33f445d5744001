//! A look at the templates in labels and annotations.
//!
//! Prometheus refuses a whole rules file for one template that does not parse. This finds what
//! people get wrong: braces, quotes, blocks, undefined variables and functions. Source of the
//! names: `template/template.go` of Prometheus and `text/template` of Go.

use crate::model::{Place, Problem};

/// Variables that Prometheus defines before every template of a rule.
const VARIABLES: &[&str] = &["labels", "externalLabels", "externalURL", "value"];

/// Functions and words of the language.
const WORDS: &[&str] = &[
    "and",
    "or",
    "not",
    "len",
    "index",
    "slice",
    "print",
    "printf",
    "println",
    "html",
    "js",
    "urlquery",
    "call",
    "eq",
    "ge",
    "gt",
    "le",
    "lt",
    "ne",
    "query",
    "first",
    "label",
    "value",
    "sortByLabel",
    "humanize",
    "humanize1024",
    "humanizeDuration",
    "humanizePercentage",
    "humanizeTimestamp",
    "toTime",
    "toDuration",
    "now",
    "title",
    "toUpper",
    "toLower",
    "graphLink",
    "tableLink",
    "parseDuration",
    "stripPort",
    "stripDomain",
    "match",
    "reReplaceAll",
    "args",
    "tmpl",
    "safeHtml",
    "pathPrefix",
    "externalURL",
    "strvalue",
    "urlQueryEscape",
    "if",
    "else",
    "end",
    "range",
    "with",
    "define",
    "template",
    "block",
    "break",
    "continue",
    "nil",
    "true",
    "false",
];

/// Finds what Prometheus would refuse in a template.
pub(super) fn check(field: &str, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut scan = Scan {
        declared: Vec::new(),
        open_blocks: 0,
    };
    let mut from = 0;
    while let Some(open) = text
        .get(from..)
        .and_then(|rest| rest.find("{{"))
        .map(|at| from + at)
    {
        let place = Place::of_offset(text, open);
        let Some(length) = action_length(text.get(open..).unwrap_or_default()) else {
            let remedy = "close it with }}, and every quote within it";
            problems.push(Problem::error(field, "{{ has no end", remedy).at(place));
            return problems;
        };
        let inner = text.get(open + 2..open + length - 2).unwrap_or_default();
        problems.extend(scan.action(field, inner).map(|problem| problem.at(place)));
        from = open + length;
    }
    if scan.open_blocks != 0 {
        let message = "if, range, with or define has no end";
        problems.push(Problem::error(
            field,
            message,
            "give each of them one {{ end }}",
        ));
    }
    problems
}

/// Length of `{{ … }}`, strings and comments in it skipped.
fn action_length(text: &str) -> Option<usize> {
    let body = text.get(2..)?;
    let trimmed = body.trim_start_matches('-').trim_start();
    if trimmed.starts_with("/*") {
        let end = text.find("*/")?;
        return text.get(end..)?.find("}}").map(|at| end + at + 2);
    }
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(2) {
        match (quote, c) {
            (Some(_), _) if escaped => escaped = false,
            (Some('"' | '\''), '\\') => escaped = true,
            (Some('"' | '\''), '\n') => return None,
            (Some(open), c) if open == c => quote = None,
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '}') if text.get(at..)?.starts_with("}}") => return Some(at + 2),
            _ => {}
        }
    }
    None
}

struct Scan {
    declared: Vec<String>,
    open_blocks: usize,
}

impl Scan {
    fn action(&mut self, field: &str, inner: &str) -> Option<Problem> {
        let code = without_strings(inner);
        let code = code
            .trim()
            .trim_start_matches('-')
            .trim_end_matches('-')
            .trim();
        if code.starts_with("/*") {
            return None;
        }
        if code.is_empty() {
            let remedy = "write a value, such as {{ $value }}";
            return Some(Problem::error(field, "{{ }} is empty", remedy));
        }
        if code.matches('(').count() != code.matches(')').count() {
            return Some(Problem::error(
                field,
                "brackets do not match",
                "close each ( with a )",
            ));
        }
        match words(code).first() {
            Some(&("if" | "range" | "with" | "define" | "block")) => self.open_blocks += 1,
            Some(&word @ ("end" | "else")) if self.open_blocks == 0 => {
                let message = format!("{word} stands outside of if, range, with or define");
                return Some(Problem::error(field, message, "take it out"));
            }
            Some(&"end") => self.open_blocks -= 1,
            _ => {}
        }
        if let Some((left, _)) = code.split_once(":=") {
            let new = words(left)
                .into_iter()
                .filter_map(|word| word.strip_prefix('$').map(str::to_owned));
            self.declared.extend(new);
        }
        words(code)
            .into_iter()
            .find_map(|word| self.unknown(field, word))
    }

    fn unknown(&self, field: &str, word: &str) -> Option<Problem> {
        if let Some(variable) = word.strip_prefix('$') {
            let known = variable.is_empty()
                || VARIABLES.contains(&variable)
                || self.declared.iter().any(|declared| declared == variable);
            let remedy = "use $labels.NAME, $value, $externalLabels.NAME or $externalURL";
            return (!known)
                .then(|| Problem::error(field, format!("${variable} is not defined"), remedy));
        }
        let plain = word.starts_with(|c: char| c.is_alphabetic() || c == '_');
        (plain && !WORDS.contains(&word)).then(|| {
            let remedy = "see the template functions of Prometheus";
            Problem::error(field, format!("there is no function {word}"), remedy)
        })
    }
}

/// Variables (with `$`), and identifiers that stand by themselves and not behind a dot.
fn words(code: &str) -> Vec<&str> {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
    let heads = code
        .split(|c: char| !part(c))
        .filter_map(|word| word.split('.').next());
    heads.filter(|word| !word.is_empty()).collect()
}

fn without_strings(code: &str) -> String {
    let mut kept = String::new();
    let (mut quote, mut escaped) = (None, false);
    for c in code.chars() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some('"' | '\'') if c == '\\' => escaped = true,
            Some(open) if open == c => {
                quote = None;
                kept.push('0');
            }
            Some(_) => {}
            None if matches!(c, '"' | '\'' | '`') => quote = Some(c),
            None => kept.push(c),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn what_prometheus_takes_passes() {
        for text in [
            "plain } text {",
            "{{ $labels.instance }} is {{ $value | humanize }}",
            "{{- with query \"up{a='}}'}\" -}}{{ . | first | value }}{{ end }}",
            "{{ range $i, $e := query \"up\" }}{{ $e.Labels.job }}{{ $i }}{{ end }}",
            "{{/* a comment with $nothing */}}",
            "{{ if gt $value 1e3 }}much{{ else }}little{{ end }}",
            "{{ printf `%.2f \"` $value }}",
        ] {
            assert_eq!(check("annotations.summary", text), [], "{text}");
        }
    }

    #[test]
    fn what_prometheus_refuses_is_named() {
        for (text, part) in [
            ("{{$label.x}}", "$label"),
            ("{{ $value ", "no end"),
            ("{{ \"open }}", "no end"),
            ("{{ }}", "empty"),
            ("{{ if $value }}", "end"),
            ("{{ end }}", "end"),
            ("{{ end }}{{ if $value }}", "end"),
            ("{{ else }}", "else"),
            ("{{ humanise $value }}", "humanise"),
            ("{{ ($value }}", "brackets"),
        ] {
            let problems = check("annotations.summary", text);
            assert!(
                problems.iter().any(|p| p.message.contains(part)),
                "{text}: {problems:?}"
            );
        }
    }
}
