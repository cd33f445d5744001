//! What holds for any text that is offered as a tree document.

use crate::model::{GroupOptions, Sender, Site, Timestamp, Tree};
use crate::tree::{ExportOptions, PlanOptions, plan, read, write};

/// Whatever is offered is read or refused; what was read is planned or refused; and the export of
/// what was planned gives the same tree again.
///
/// # Panics
/// When an export does not.
pub fn tree_document_body(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let Ok(document) = read(text) else { return };
    let site = Site {
        domain: "example.com".to_owned(),
        name: "Promgen".to_owned(),
        group: GroupOptions::default(),
    };
    let options = PlanOptions {
        prune: true,
        create_users: true,
        now: Timestamp(0),
    };
    let Ok(planned) = plan(&document, &Tree::empty(site), &options) else {
        return;
    };
    let masked = |_: &Sender| true;
    let export = write(&planned.target, &ExportOptions::default(), &masked);
    let again = read(&export).map(|document| plan(&document, &planned.target, &options));
    let same = matches!(again, Ok(Ok(again)) if again.target == planned.target);
    assert!(same, "an export does not give its tree again:\n{export}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DOCUMENT: &str = include_str!("../../../tests/golden/tree.yml");

    proptest! {
        #![proptest_config(crate::testing::property_config())]

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,200}") {
            tree_document_body(text.as_bytes());
        }

        /// A good document with a piece cut out and another put in.
        #[test]
        fn any_wounded_document_is_read_or_refused(
            at in 0..DOCUMENT.len(),
            length in 0_usize..40,
            piece in "[-a-z0-9:{}\\[\\]'\" \n]{0,12}",
        ) {
            let mut bytes = DOCUMENT.as_bytes().to_vec();
            bytes.splice(at..(at + length).min(DOCUMENT.len()), piece.bytes());
            tree_document_body(&bytes);
        }
    }
}
