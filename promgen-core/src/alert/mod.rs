//! Alerts, purely: what Alertmanager posts, who hears about it and why, and how it reads.
//!
//! Nothing here waits, stores or sends. The delivery worker and `explain` call the same functions.

mod conditions;
mod directory;
mod fit;
mod matcher;
mod message;
mod part;
mod route;
mod routing;
mod silence;
mod text;

pub use conditions::Conditions;
pub use directory::{Directory, Driver};
pub use fit::Fit;
pub use matcher::{MatchOperator, Matcher, matchers};
pub use message::{AlertItem, Message, MessageError};
pub use part::labels;
pub use route::{RouteRules, route};
pub use routing::{Decision, Dropped, Part, Reason, Recipient, Routing};
pub use silence::{Period, Silence, silence};
pub use text::{body, chat_text, subject, summary_line};
