//! How paths of version 1 look.

use axum::handler::Handler;
use http::Method;
use promgen_core::app::policy::Act;

use crate::Server;
use crate::routes::Routes;

/// The path of a collection.
pub(super) fn collection(prefix: &str, kind: &str) -> String {
    format!("{prefix}/{kind}/")
}

/// The path of one object.
pub(super) fn object(prefix: &str, kind: &str) -> String {
    format!("{prefix}/{kind}/{{name}}/")
}

impl Routes {
    /// Reading at a path that ends in a slash; the same without it, but with a format.
    pub(super) fn reads<H, T>(self, act: Act, path: &str, format: &str, handler: H) -> Self
    where
        H: Handler<T, Server>,
        T: 'static,
    {
        let plain = path.trim_end_matches('/');
        // A suffix cannot follow a name in a route; what takes the name takes it off.
        let with_format = if plain.ends_with('}') {
            plain.to_owned()
        } else {
            format!("{plain}.{format}")
        };
        self.on(act, &Method::GET, path, handler.clone()).on(
            act,
            &Method::GET,
            &with_format,
            handler,
        )
    }
}
