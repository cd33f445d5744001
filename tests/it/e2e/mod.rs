//! The built program with real Prometheus, Alertmanager, SMTP and PostgreSQL.

mod full_loop;
mod kill;
