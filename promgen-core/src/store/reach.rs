//! Finding out at once whether a database server can be reached.
//!
//! The pool takes a refused connection for a server that is starting: it tries again until its
//! patience ends, and then only knows that time ran out. Whoever opens a database is to be told
//! the reason, and soon.

#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(super) use servers::connect_once;

#[cfg(not(any(feature = "postgres", feature = "mysql")))]
pub(super) use nowhere::connect_once;

#[cfg(any(feature = "postgres", feature = "mysql"))]
mod servers {
    use std::sync::Arc;
    use std::time::Duration;

    use sea_orm::sqlx::{self, Connection};
    use sea_orm::{DbErr, RuntimeErr};

    use crate::store::{Backend, StoreError};

    /// Connects to a server and hangs up.
    pub(in crate::store) async fn connect_once(
        backend: Backend,
        url: &str,
        patience: Duration,
    ) -> Result<(), StoreError> {
        let reached = match backend {
            #[cfg(feature = "postgres")]
            Backend::Postgres => {
                tokio::time::timeout(patience, hello::<sqlx::PgConnection>(url)).await
            }
            #[cfg(feature = "mysql")]
            Backend::MySql => {
                tokio::time::timeout(patience, hello::<sqlx::MySqlConnection>(url)).await
            }
            _ => Ok(Ok(())),
        };
        let late = |_| sqlx::Error::Io(std::io::ErrorKind::TimedOut.into());
        let failed = |error| DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error)));
        Ok(reached.map_err(late).flatten().map_err(failed)?)
    }

    async fn hello<C: Connection>(url: &str) -> Result<(), sqlx::Error> {
        C::connect(url).await?.close().await
    }
}

/// Without the driver of a server nobody gets here: the address was refused.
#[cfg(not(any(feature = "postgres", feature = "mysql")))]
mod nowhere {
    use std::future::{Ready, ready};
    use std::time::Duration;

    use crate::store::{Backend, StoreError};

    pub(in crate::store) fn connect_once(
        _: Backend,
        _: &str,
        _: Duration,
    ) -> Ready<Result<(), StoreError>> {
        ready(Ok(()))
    }
}
