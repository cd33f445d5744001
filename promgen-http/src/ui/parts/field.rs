//! A field of a form: its label, its control, what helps, and what is wrong with it.

use std::borrow::Cow;

use askama::Template;
use promgen_core::model::Problem;

use super::form::{Remark, remark};
use crate::ui::text::Texts;

/// What a field is filled in with.
#[derive(Debug, Clone)]
pub(crate) enum Control {
    /// One line; the `type` and `autocomplete` of the input.
    Line {
        /// `text`, `number`, `email`, `password`, `url`, `date`, `datetime-local`, `search`.
        kind: &'static str,
        /// As HTML has it; empty for none.
        autocomplete: &'static str,
    },
    /// Several lines.
    Area {
        /// How many are shown.
        rows: u8,
        /// Whether it is code: monospace, no spelling.
        code: bool,
    },
    /// A box that is ticked or not.
    Tick {
        /// Whether it is.
        on: bool,
    },
    /// One of several, in a list that drops down.
    Select(Vec<Choice>),
    /// Any of several.
    Many(Vec<Choice>),
    /// Several lines of one word each, all of the field's name.
    Several {
        /// What is in them; some stay empty for more.
        values: Vec<String>,
        /// The button that adds another one.
        more: Cow<'static, str>,
    },
    /// A file.
    File,
    /// Nothing that anybody sees.
    Hidden,
}

/// One that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    /// What is sent.
    pub(crate) value: String,
    /// What is read.
    pub(crate) label: String,
    /// What is told beside it.
    pub(crate) note: String,
    /// Whether it is chosen.
    pub(crate) chosen: bool,
    /// Whether it cannot be.
    pub(crate) disabled: bool,
}

impl Choice {
    /// One that can be chosen.
    pub(crate) fn new(value: impl Into<String>, label: impl Into<String>, chosen: bool) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            note: String::new(),
            chosen,
            disabled: false,
        }
    }
}

/// Inputs of a field that takes several, at least: there is room for a few without scripts.
const SEVERAL: usize = 3;

/// A field.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/field.html")]
pub(crate) struct Field {
    /// Its name in what is posted.
    pub(crate) name: String,
    /// Its id on the page; the name, unless a page has two of that name.
    pub(crate) id: String,
    /// What is read before it.
    pub(crate) label: Cow<'static, str>,
    /// What is in it.
    pub(crate) value: String,
    /// What it is filled in with.
    pub(crate) control: Control,
    /// What helps to fill it in.
    pub(crate) help: Cow<'static, str>,
    /// An example that stands in it while it is empty.
    pub(crate) placeholder: String,
    /// Id of a `<datalist>` with suggestions; empty for none.
    pub(crate) list: &'static str,
    /// Path that answers more suggestions for what is typed, put at its end; empty for none.
    pub(crate) suggest: &'static str,
    /// Whether it must be filled in.
    pub(crate) required: bool,
    /// Most letters; none when 0.
    pub(crate) longest: u32,
    /// What is wrong with what was sent.
    pub(crate) remarks: Vec<Remark>,
}

impl Field {
    fn new(name: impl Into<String>, label: impl Into<Cow<'static, str>>, control: Control) -> Self {
        let name = name.into();
        Self {
            id: format!("id_{name}"),
            name,
            label: label.into(),
            value: String::new(),
            control,
            help: Cow::Borrowed(""),
            placeholder: String::new(),
            list: "",
            suggest: "",
            required: false,
            longest: 0,
            remarks: Vec::new(),
        }
    }

    /// One line of text.
    pub(crate) fn text(name: impl Into<String>, label: impl Into<Cow<'static, str>>) -> Self {
        Self::line("text", name, label)
    }

    /// One line of a kind that `<input type>` knows.
    pub(crate) fn line(
        kind: &'static str,
        name: impl Into<String>,
        label: impl Into<Cow<'static, str>>,
    ) -> Self {
        let autocomplete = "off";
        Self::new(name, label, Control::Line { kind, autocomplete })
    }

    /// Several lines of text.
    pub(crate) fn area(
        name: impl Into<String>,
        label: impl Into<Cow<'static, str>>,
        rows: u8,
    ) -> Self {
        Self::new(name, label, Control::Area { rows, code: false })
    }

    /// Several lines of code.
    pub(crate) fn code(
        name: impl Into<String>,
        label: impl Into<Cow<'static, str>>,
        rows: u8,
    ) -> Self {
        Self::new(name, label, Control::Area { rows, code: true })
    }

    /// A box to tick.
    pub(crate) fn tick(
        name: impl Into<String>,
        label: impl Into<Cow<'static, str>>,
        on: bool,
    ) -> Self {
        Self::new(name, label, Control::Tick { on }).value("on")
    }

    /// One of several, in a list that drops down.
    pub(crate) fn select(
        name: impl Into<String>,
        label: impl Into<Cow<'static, str>>,
        choices: Vec<Choice>,
    ) -> Self {
        Self::new(name, label, Control::Select(choices))
    }

    /// Any of several.
    pub(crate) fn many(
        name: impl Into<String>,
        label: impl Into<Cow<'static, str>>,
        choices: Vec<Choice>,
    ) -> Self {
        Self::new(name, label, Control::Many(choices))
    }

    /// Several of one kind: what was typed, and room for more.
    pub(crate) fn several(
        name: impl Into<String>,
        label: impl Into<Cow<'static, str>>,
        mut values: Vec<String>,
        more: impl Into<Cow<'static, str>>,
    ) -> Self {
        values.resize(values.len().max(SEVERAL - 1) + 1, String::new());
        let more = more.into();
        Self::new(name, label, Control::Several { values, more })
    }

    /// A file.
    pub(crate) fn file(name: impl Into<String>, label: impl Into<Cow<'static, str>>) -> Self {
        Self::new(name, label, Control::File)
    }

    /// Sent along, and not shown.
    pub(crate) fn hidden(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self::new(name, "", Control::Hidden).value(value)
    }

    /// With something in it.
    #[must_use]
    pub(crate) fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// With something that helps.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.help = help.into();
        self
    }

    /// With an example.
    #[must_use]
    pub(crate) fn placeholder(mut self, example: impl Into<String>) -> Self {
        self.placeholder = example.into();
        self
    }

    /// With the suggestions of a `<datalist>`.
    #[must_use]
    pub(crate) fn list(mut self, id: &'static str) -> Self {
        self.list = id;
        self
    }

    /// With more suggestions while somebody types, for who has scripts.
    #[must_use]
    pub(crate) fn suggest(mut self, path: &'static str) -> Self {
        self.suggest = path;
        self
    }

    /// With what a browser may fill in by itself.
    #[must_use]
    pub(crate) fn autocomplete(mut self, what: &'static str) -> Self {
        if let Control::Line { autocomplete, .. } = &mut self.control {
            *autocomplete = what;
        }
        self
    }

    /// It must be filled in.
    #[must_use]
    pub(crate) fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// With a bound of its letters.
    #[must_use]
    pub(crate) fn longest(mut self, letters: u32) -> Self {
        self.longest = letters;
        self
    }

    /// With an id that is its own on the page.
    #[must_use]
    pub(crate) fn id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// With what is wrong with it: the problems of its name, and of what lies below it.
    #[must_use]
    pub(crate) fn problems(mut self, problems: &[Problem], t: &Texts) -> Self {
        let own = problems.iter().filter(|problem| self.owns(problem));
        let own: Vec<Remark> = own.map(|problem| remark(problem, t)).collect();
        self.remarks.extend(own);
        self
    }

    /// Whether a problem is about this field, or about what lies below it.
    pub(crate) fn owns(&self, problem: &Problem) -> bool {
        let rest = problem.field.strip_prefix(self.name.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    /// With another choice, as it was sent.
    #[must_use]
    pub(crate) fn choose(mut self, value: &str) -> Self {
        if let Control::Select(choices) = &mut self.control
            && choices.iter().any(|choice| choice.value == value)
        {
            for choice in choices {
                choice.chosen = choice.value == value;
            }
        }
        self
    }

    fn is_wrong(&self) -> bool {
        self.remarks.iter().any(|remark| remark.stops)
    }

    /// Ids of what describes it, for those who listen.
    fn described(&self) -> String {
        let mut ids = Vec::new();
        if !self.help.is_empty() {
            ids.push(format!("{}_help", self.id));
        }
        if !self.remarks.is_empty() {
            ids.push(format!("{}_problems", self.id));
        }
        ids.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use promgen_core::model::Place;

    use super::*;

    #[test]
    fn what_is_wrong_stands_beside_the_field_and_is_read_with_it() {
        let problems = [
            Problem::error("clause", "is <odd>", "mend it").at(Place { line: 2, column: 7 }),
            Problem::error("name", "is taken", "choose another"),
        ];
        let field = Field::code("clause", "Clause", 3).value("up</textarea>");
        let html = field.problems(&problems, &Texts::default()).to_string();
        assert!(html.contains("2:7: is &#60;odd&#62;; mend it"), "{html}");
        assert!(html.contains("aria-describedby=\"id_clause_problems\""));
        assert!(html.contains("aria-invalid=\"true\""));
        assert!(html.contains("up&#60;/textarea&#62;"));
        assert!(!html.contains("is taken"));
    }

    #[test]
    fn every_control_has_its_label() {
        let choices = || {
            vec![
                Choice::new("1", "One", true),
                Choice::new("2", "Two", false),
            ]
        };
        for field in [
            Field::text("a", "The label"),
            Field::line("number", "a", "The label"),
            Field::area("a", "The label", 3),
            Field::tick("a", "The label", true),
            Field::select("a", "The label", choices()),
            Field::many("a", "The label", choices()),
            Field::several("a", "The label", vec!["x".to_owned()], "More"),
            Field::file("a", "The label"),
        ] {
            let html = field.to_string();
            assert!(
                html.contains("for=\"id_a\"") || html.contains("<legend>"),
                "{html}"
            );
            assert!(
                html.contains("The label") && html.contains("name=\"a\""),
                "{html}"
            );
        }
    }
}
