//! The built program under faults, and the promises that it keeps then.
//!
//! | promise | test |
//! |---|---|
//! | R1: a 2xx means durable | `durable::r1_…` on SQLite and PostgreSQL |
//! | R2: every alert ends as sent, superseded or dead for each recipient | `routing::r2_…` |
//! | R3: nobody outside the trace gets anything | `routing::r3_…` |
//! | R4: firing before resolved at each destination | `receivers::r4_…`, `receivers::a_burst_…` |
//! | R5: a kill loses nothing | `durable::r5_…`, `e2e::kill` |
//! | R6: an attempt is completed only under its own lease | `lease::r6_…` |
//! | R7: a clock that jumps neither loses nor doubles | `clock::r7_…` |
//! | R8: a full disk is 503, harms nothing, and passes | `disk::r8_…` |
//! | R9: the same tree gives the same bytes | `outputs::r9_…` |
//! | R10: no reader sees a part of a file | `outputs::r10_…` |
//! | R12: a silence is made on all Alertmanagers, or it is told where not | `rest::silences::several::r12_…` |
//! | a database that restarts while alerts come in or drain | `postgres` |
//! | a receiver that hangs holds up nobody else | `receivers::a_receiver_that_hangs_…` |
//! | a worker that is asked to end finishes what it began, and gives back the rest | `shutdown` |
//! | what has been kept for long enough goes | `housekeeping` |

pub(crate) mod shop;

mod clock;
mod disk;
mod durable;
mod housekeeping;
mod lease;
mod outputs;
mod postgres;
mod receivers;
mod routing;
mod shutdown;
