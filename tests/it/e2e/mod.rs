//! The built program with real Prometheus, Alertmanager, SMTP and PostgreSQL.

mod full_loop;
pub(crate) mod kill;
mod newcomer;
