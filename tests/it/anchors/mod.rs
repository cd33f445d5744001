//! What became of others must not become of us: one file for each anchor of docs/SECURITY.md, each
//! test named after its anchor.
//!
//! | anchor | what happened elsewhere | tests |
//! | --- | --- | --- |
//! | S1 | servers fetched what strangers named, and followed redirects inside | `redirects` |
//! | S2 | checks of names and spellings instead of dialled addresses | `egress/tests.rs` of the core |
//! | S3 | a forgotten way out; answers of inside shown to users | `one_door` |
//! | S4 | a slow peer held a worker | `slow_peers` |
//! | S5 | labels and names became scripts | `browser/hostile` |
//! | S6 | texts were run as templates of the page | `browser/hostile`, `browser/pages` |
//! | S7 | `next=` led to other sites | `browser/elsewhere`, `login/password` |
//! | S8 | two parsers of one path, and a login that is skipped | `proxy/paths` |
//! | S15 | credentials forwarded, or told in URLs, logs and errors | `credentials`, `proxy/credentials` |
//! | S17 | imports that run code or explode | `documents` |
//! | S18 | bodies that inflate or never end | `bodies` |
//! | S19 | paths led out of the folder of static files | `browser/files` |
//! | S20 | alert texts run as templates | `texts` |
//! | S21 | regular expressions that take forever, or match everything | `alert/silence.rs` of the core |
//! | S22 | queries that show the data of others | `proxy/enforcement` |
//! | S24 | an intake open to everybody | `intake` |
//! | S25 | labels in headers | `headers` |

mod bodies;
mod credentials;
mod documents;
mod headers;
mod intake;
mod one_door;
mod redirects;
mod slow_peers;
mod texts;
