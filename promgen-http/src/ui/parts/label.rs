//! Labels as parameters of a query, beside parameters that mean something else on a page.

/// What stands before a label whose name means something else.
const PREFIX: &str = "label.";

/// The parameter that asks for a label, on a page that means something else by these ones.
pub(crate) fn label_parameter(label: &str, others: &[&str]) -> String {
    if others.contains(&label) || label.starts_with(PREFIX) {
        format!("{PREFIX}{label}")
    } else {
        label.to_owned()
    }
}

/// The label that a parameter asks for; `None` for a parameter that means something else.
pub(crate) fn label_of<'p>(parameter: &'p str, others: &[&str]) -> Option<&'p str> {
    match parameter.strip_prefix(PREFIX) {
        Some(label) if !label.is_empty() => Some(label),
        _ => (!others.contains(&parameter)).then_some(parameter),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_is_asked_for_and_read_again() {
        let others = ["page", "search"];
        for (label, parameter) in [
            ("service", "service"),
            ("page", "label.page"),
            ("!page", "!page"),
            ("label.x", "label.label.x"),
        ] {
            assert_eq!(label_parameter(label, &others), parameter);
            assert_eq!(label_of(parameter, &others), Some(label));
        }
        assert_eq!(label_of("page", &others), None);
        assert_eq!(label_of("label.", &others), Some("label."));
    }
}
