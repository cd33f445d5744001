//! Registration before `main`, through `inventory`.

use super::{AuthDescription, DiscoveryDescription, MailerDescription, NotifierDescription};

/// A notifier as the linker carries it to the registry.
#[derive(Debug)]
#[doc(hidden)]
pub struct LinkedNotifier(pub &'static NotifierDescription);

/// A discovery source as the linker carries it to the registry.
#[derive(Debug)]
#[doc(hidden)]
pub struct LinkedDiscovery(pub &'static DiscoveryDescription);

/// A login backend as the linker carries it to the registry.
#[derive(Debug)]
#[doc(hidden)]
pub struct LinkedAuth(pub &'static AuthDescription);

/// A mailer as the linker carries it to the registry.
#[derive(Debug)]
#[doc(hidden)]
pub struct LinkedMailer(pub &'static MailerDescription);

inventory::collect!(LinkedNotifier);
inventory::collect!(LinkedDiscovery);
inventory::collect!(LinkedAuth);
inventory::collect!(LinkedMailer);

/// Registers a `static` [`NotifierDescription`](crate::plugin::NotifierDescription).
#[macro_export]
macro_rules! register_notifier {
    ($description:path) => {
        $crate::plugin::inventory::submit! {
            $crate::plugin::LinkedNotifier(&$description)
        }
    };
}

/// Registers a `static` [`DiscoveryDescription`](crate::plugin::DiscoveryDescription).
#[macro_export]
macro_rules! register_discovery {
    ($description:path) => {
        $crate::plugin::inventory::submit! {
            $crate::plugin::LinkedDiscovery(&$description)
        }
    };
}

/// Registers a `static` [`AuthDescription`](crate::plugin::AuthDescription).
#[macro_export]
macro_rules! register_auth {
    ($description:path) => {
        $crate::plugin::inventory::submit! {
            $crate::plugin::LinkedAuth(&$description)
        }
    };
}

/// Registers a `static` [`MailerDescription`](crate::plugin::MailerDescription).
#[macro_export]
macro_rules! register_mailer {
    ($description:path) => {
        $crate::plugin::inventory::submit! {
            $crate::plugin::LinkedMailer(&$description)
        }
    };
}
