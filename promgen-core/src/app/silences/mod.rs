//! Silences and alerts of the Alertmanagers of the settings.
//!
//! Alertmanager holds them; nothing of it is stored here but the audit entries. Several
//! Alertmanagers are asked side by side, each with a deadline and a bound on what it may answer.
//! Reading takes what there is and warns of what is not; writing is done by all, or it is told what
//! each of them did.

mod affected;
mod around;
mod audit;
mod doubts;
mod expire;
mod held;
mod known;
mod merge;
mod peer;
mod peers;
mod pulse;
mod read;
mod recent;
mod report;
mod request;
mod rights;
mod write;

pub use around::{About, Around, Preview, around, preview};
use doubts::contradiction;
pub use doubts::{may_make, refusal};
pub use expire::expire;
pub use held::{RawMatcher, SilenceState};
pub use known::may_silence;
pub use pulse::{Pulse, pulses};
pub use read::{Merged, SilencePlace, Silenced, alerts, find_one, list};
pub use recent::ActiveAlert;
pub(super) use recent::Recent;
pub use report::{Did, Outcome, SilenceError, Written};
pub use request::{LabelRequest, MatcherRequest};
pub use write::{create_by_labels, findings, put_by_matchers};
