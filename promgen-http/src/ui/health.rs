//! Whether the process answers.

/// Says `OK` for as long as requests are answered. It does not ask the database: exports are
/// served without it, and a restart would not bring it back.
pub(crate) async fn health() -> &'static str {
    "OK\n"
}
