//! Label matchers, as people write them and as Alertmanager takes them.

use std::fmt;
use std::str::FromStr;

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use crate::model::{LabelName, Place, Problem};
use crate::rules::{quoted, unquote};

/// How a matcher compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchOperator {
    /// `=`: the value is this text.
    Equal,
    /// `!=`: the value is another text, or the label is missing.
    NotEqual,
    /// `=~`: the whole value matches this regular expression.
    Regex,
    /// `!~`: it does not.
    NotRegex,
}

impl MatchOperator {
    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Regex => "=~",
            Self::NotRegex => "!~",
        }
    }
}

/// A condition on one label. Its JSON is that of Alertmanager's API v2.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Matcher {
    /// The label.
    pub name: LabelName,
    /// How it is compared.
    pub operator: MatchOperator,
    /// With what; regular expressions match the whole value.
    pub value: String,
}

impl Matcher {
    /// The matcher that Promgen makes of a label: a value that ends with `*` is a regular
    /// expression, any other is the text itself.
    ///
    /// # Errors
    /// [`Problem`] for a name that is no label name.
    pub fn of_label(name: &str, value: &str) -> Result<Self, Problem> {
        let operator = if value.ends_with('*') {
            MatchOperator::Regex
        } else {
            MatchOperator::Equal
        };
        Ok(Self {
            name: label_name(name)?,
            operator,
            value: value.to_owned(),
        })
    }
}

/// Reads one matcher: `name="value"`, with `=`, `!=`, `=~` or `!~`, the value in quotes or not.
impl FromStr for Matcher {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let at = text.find(['=', '!']);
        let Some((name, rest)) = at.and_then(|at| text.split_at_checked(at)) else {
            let message = format!("{text:?} has no operator");
            return Err(refused(message, "write it like service=\"shop\""));
        };
        let operators = [
            MatchOperator::NotEqual,
            MatchOperator::Regex,
            MatchOperator::NotRegex,
            MatchOperator::Equal,
        ];
        let found = operators
            .into_iter()
            .find_map(|op| Some((op, rest.strip_prefix(op.as_str())?)));
        let Some((operator, value)) = found else {
            let message = format!("{text:?} has an operator that does not exist");
            return Err(refused(message, "use =, !=, =~ or !~"));
        };
        Ok(Self {
            name: label_name(name.trim())?,
            operator,
            value: value_of(value.trim())?,
        })
    }
}

fn label_name(name: &str) -> Result<LabelName, Problem> {
    LabelName::parse(name).map_err(|error| refused(error.to_string(), "write a label name"))
}

fn value_of(text: &str) -> Result<String, Problem> {
    if !text.starts_with(['"', '\'', '`']) {
        if text.contains(['"', '{', '}']) {
            let message = format!("{text:?} holds a quote or a brace");
            return Err(refused(message, "put the value in quotes"));
        }
        return Ok(text.to_owned());
    }
    let closed = text.len() > 1 && ends_at(text) == Some(text.len());
    closed.then(|| unquote(text)).flatten().ok_or_else(|| {
        let message = format!("{text:?} is not a value in quotes");
        refused(message, "close the quotes, and write \\\\ for a backslash")
    })
}

/// Where a literal at the beginning of a text ends.
fn ends_at(text: &str) -> Option<usize> {
    let mut chars = text.char_indices();
    let (_, quote) = chars.next()?;
    while let Some((at, c)) = chars.next() {
        if c == '\\' && quote != '`' {
            chars.next();
        } else if c == quote {
            return Some(at + c.len_utf8());
        }
    }
    None
}

fn refused(message: String, remedy: &str) -> Problem {
    Problem::error("matchers", message, remedy)
}

/// Reads a list of matchers: `{service="shop", instance=~"web.*"}`, with braces or without.
///
/// ```
/// use promgen_core::alert::{MatchOperator, matchers};
///
/// let list = matchers(r#"service=shop, instance!~"a,b|c""#).unwrap();
/// assert_eq!(list[1].operator, MatchOperator::NotRegex);
/// assert_eq!(list[1].value, "a,b|c");
/// ```
///
/// # Errors
/// Every matcher that is none, with its place in the text.
pub fn matchers(text: &str) -> Result<Vec<Matcher>, Vec<Problem>> {
    let trimmed = text.trim();
    let inner = trimmed.strip_prefix('{').map(|rest| rest.strip_suffix('}'));
    let Some(inner) = inner.unwrap_or(Some(trimmed)) else {
        let problem = refused("{ is never closed".to_owned(), "close it");
        return Err(vec![problem.at(Place { line: 1, column: 1 })]);
    };
    // Both are slices of one text, so that the difference of their addresses is an offset.
    let offset = inner.as_ptr().addr() - text.as_ptr().addr();
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    let parts = split(inner);
    let count = parts.len();
    for (number, (start, part)) in parts.into_iter().enumerate() {
        // As in PromQL, a comma may stand at the end.
        if part.trim().is_empty() && number + 1 == count {
            break;
        }
        match part.parse() {
            Ok(matcher) => found.push(matcher),
            Err(problem) => {
                let blanks = part.len() - part.trim_start().len();
                let place = Place::of_offset(text, offset + start + blanks);
                problems.push(Problem::at(problem, place));
            }
        }
    }
    if problems.is_empty() {
        Ok(found)
    } else {
        Err(problems)
    }
}

/// The parts between commas that stand in no quotes, each with its offset.
fn split(text: &str) -> Vec<(usize, &str)> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(c) = rest.chars().next() else { break };
        // Quotes count where a value begins: behind an operator.
        let before = text.get(start..at).unwrap_or_default().trim_end();
        let opens = "\"'`".contains(c) && before.ends_with(['=', '~']);
        if c == ',' {
            parts.push((start, text.get(start..at).unwrap_or_default()));
            start = at + 1;
        }
        at += if opens {
            ends_at(rest).unwrap_or(rest.len())
        } else {
            c.len_utf8()
        };
    }
    parts.push((start, text.get(start..).unwrap_or_default()));
    parts
}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operator = self.operator.as_str();
        write!(f, "{}{operator}{}", self.name, quoted(&self.value))
    }
}

impl Serialize for Matcher {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use MatchOperator::{Equal, NotRegex, Regex};

        let mut fields = serializer.serialize_struct("Matcher", 4)?;
        fields.serialize_field("name", &self.name)?;
        fields.serialize_field("value", &self.value)?;
        fields.serialize_field("isRegex", &matches!(self.operator, Regex | NotRegex))?;
        fields.serialize_field("isEqual", &matches!(self.operator, Equal | Regex))?;
        fields.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let list = matchers(text).unwrap();
        list.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn matchers_are_read_with_and_without_quotes_and_braces() {
        for (text, expected) in [
            ("", &[][..]),
            ("{}", &[]),
            ("a=b", &[r#"a="b""#]),
            ("{ a = b c , }", &[r#"a="b c""#]),
            (
                r#"a!="b\"c,d",e=~'f',g!~`h\d`"#,
                &[r#"a!="b\"c,d""#, r#"e=~"f""#, r#"g!~"h\\d""#],
            ),
            ("a=b=c", &[r#"a="b=c""#]),
            ("a=it's", &[r#"a="it's""#]),
            ("a=", &[r#"a="""#]),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
        let star = Matcher::of_label("instance", "web.*").unwrap();
        assert_eq!(star.to_string(), r#"instance=~"web.*""#);
        assert!(Matcher::of_label("a-b", "x").is_err());
    }

    #[test]
    fn what_is_no_matcher_is_named_with_its_place() {
        let problems = matchers("{a,  b!c, =d,\n e=\"f, g=h").unwrap_err();
        assert_eq!(problems.len(), 1, "the brace is never closed");
        let problems = matchers("a,  b!c, =d,,\n e=\"f, g=h").unwrap_err();
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        let expected = [
            "error: matchers 1:1: \"a\" has no operator",
            "error: matchers 1:5: \"  b!c\" has an operator that",
            "error: matchers 1:10: \"\" is not a label name",
            "error: matchers 1:13: \"\" has no operator",
            "error: matchers 2:2: \"\\\"f, g=h\" is not a value in quotes",
        ];
        assert_eq!(told.len(), expected.len(), "{told:#?}");
        for (told, expected) in told.iter().zip(expected) {
            assert!(told.starts_with(expected), "{told}\n{expected}");
        }
    }
}
