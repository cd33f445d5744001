//! Generators of names and clauses that are as nasty as they may be.

use super::Draw;

/// What names are put together from: quotes, escapes, everything that a regular expression reads,
/// control characters, other scripts, and the macro itself.
const NAME_PARTS: &[&str] = &[
    "a",
    "A",
    "svc",
    "001",
    "-",
    "_",
    " ",
    ".",
    "|",
    "*",
    "+",
    "?",
    "(",
    ")",
    "[",
    "]",
    "{2}",
    "^",
    "$",
    "\\",
    "\\E",
    "\\Qx",
    "\"",
    "'",
    "`",
    "\n",
    "\r",
    "\t",
    "\0",
    "\u{7}",
    "#",
    "/",
    "&&",
    "~",
    ",",
    "=",
    "(?i)",
    "<exclude>",
    "日本",
    "é",
    "e\u{301}",
    "🦀",
    "\u{fffd}",
    "\u{feff}",
];

/// A name that nobody should give; may be empty.
pub fn hostile_name(draw: &mut Draw<'_>) -> String {
    draw.join(NAME_PARTS, 6)
}

/// A legal clause with macros in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Its text.
    pub text: String,
    /// For each of its selectors, in the order of the text, whether a macro narrows it.
    pub narrowed: Vec<bool>,
}

/// A clause of one to three selectors, each with none to three matchers or macros, with blanks,
/// comments, strings that look like something else, and now and then a trailing comma.
///
/// It is legal with any overrides, and always a vector.
pub fn legal_clause(draw: &mut Draw<'_>) -> Clause {
    let operators = [
        " + ",
        "\nand ",
        " unless ",
        " == ",
        " / on (job) # }\n",
        " or ",
    ];
    let mut clause = Clause {
        text: String::new(),
        narrowed: Vec::new(),
    };
    for number in 0..=draw.below(3) {
        if number > 0 {
            clause.text.push_str(draw.pick(&operators));
        }
        let (selector, narrowed) = selector(draw);
        clause.text.push_str(&wrapped(draw, &selector));
        clause.narrowed.push(narrowed);
    }
    clause
}

/// A selector with its surroundings.
fn wrapped(draw: &mut Draw<'_>, selector: &str) -> String {
    match draw.below(7) {
        0 => selector.to_owned(),
        1 => format!("rate({selector}[5m])"),
        2 => format!("sum by (job, service) ({selector})"),
        3 => format!("absent( {selector} )"),
        4 => format!("({selector} offset 1h30m)"),
        5 => format!("label_replace({selector}, \"a\", \"<exclude>{{$1\", `b`, '(.*)')"),
        _ => format!("max_over_time({selector}[10m:1m])"),
    }
}

/// A selector, and whether a macro stands in it.
fn selector(draw: &mut Draw<'_>) -> (String, bool) {
    let (mut items, mut narrowed) = (Vec::new(), false);
    let head = match draw.below(4) {
        0 => return (format!("{}{{<exclude>}}", draw.pick(METRICS)), true),
        1 => return (draw.pick(METRICS).to_owned(), false),
        2 => {
            items.push(format!("__name__=\"{}\"", draw.pick(METRICS)));
            ""
        }
        _ => draw.pick(METRICS),
    };
    for _ in 0..draw.below(4) {
        let is_macro = draw.below(2) == 0;
        narrowed |= is_macro;
        items.push(
            draw.pick(if is_macro { MACROS } else { MATCHERS })
                .to_owned(),
        );
    }
    if items.len() > 1 && draw.below(2) == 0 {
        items.reverse();
    }
    let mut text = format!("{head}{{");
    for (number, item) in items.iter().enumerate() {
        if number > 0 {
            text.push(',');
        }
        let (before, after) = (draw.pick(GAPS), draw.pick(GAPS));
        text.extend([before, item.as_str(), after]);
    }
    if !items.is_empty() && draw.below(3) == 0 {
        text.push(',');
    }
    text.extend([draw.pick(GAPS), "}"]);
    (text, narrowed)
}

const METRICS: &[&str] = &["up", "down"];

const MACROS: &[&str] = &["<exclude>", "< exclude >", "<\texclude>"];

const MATCHERS: &[&str] = &[
    r#"job="x""#,
    r"job != 'y'",
    r#"job=~"x|y.*""#,
    r#"job!~"z\\..*""#,
    r#"service!="""#,
    r#"service=~".+""#,
    r#"service!~"A|B""#,
    r#"project!="a""#,
    r#"note!="<exclude>},{,""#,
    r#"note!='\'#"'"#,
    "note!=`}`",
    "or=''",
];

const GAPS: &[&str] = &["", " ", "\n", "\t", " # <exclude> } \" note\n", "# it's\r"];

/// Text that looks like a clause in places: what arbitrary input seldom reaches by itself.
pub fn soup(draw: &mut Draw<'_>) -> String {
    draw.join(SOUP_PARTS, 40)
}

const SOUP_PARTS: &[&str] = &[
    "up",
    "{",
    "}",
    "<exclude>",
    ",",
    " ",
    "=",
    "\"",
    "service",
    "a",
    "!",
    "~",
    "(",
    ")",
    "[5m]",
    "[",
    "]",
    "'",
    "`",
    "#",
    "\n",
    "\r",
    "\\",
    "< exclude >",
    "<",
    ">",
    "exclude",
    "==",
    "1",
    ".",
    "or",
    "sum",
    "by",
    "\"A\"",
    "service=\"A\"",
    "job=~\"x\"",
    "up{<exclude>}",
    "é",
    "\u{fffd}",
    "\u{c}",
    "$x",
    ":",
    "offset",
    "@",
    "-",
    "+",
];
