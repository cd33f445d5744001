//! Subscriptions: a user hears of something in whatever ways they set up for themselves.

use promgen_core::plugin::{Field, FieldKind, NotifierDescription, NotifierKind, Pace};
use promgen_core::register_notifier;

/// Stands for the personal senders of the user whose id is the value.
static USER: NotifierDescription = NotifierDescription {
    key: "promgen.notification.user",
    label: "User",
    help: "Subscribes a user, who hears of alerts in all the ways set up in their profile.",
    fields: &[Field {
        name: "value",
        label: "User",
        help: "An active user of this installation.",
        kind: FieldKind::User,
        required: true,
    }],
    settings: &[],
    check_value: None,
    pace: Pace::USUAL,
    kind: NotifierKind::FanOut,
};

register_notifier!(USER);
