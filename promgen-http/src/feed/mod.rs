//! The exports: bytes of the current revision, straight from memory.
//!
//! Each is offered plain and compressed, each with an entity tag of its own, so that a client that
//! has the bytes already gets a 304 of a few hundred bytes.

mod answer;
mod encoding;
mod etag;
mod handlers;

pub(crate) use answer::{Format, answer};

use http::Method;
use promgen_core::app::policy::Act;

use crate::routes::Routes;

/// The routes of all exports.
pub(crate) fn routes() -> Routes {
    macro_rules! exports {
        ($($path:literal => $handler:ident,)*) => {
            Routes::default()
                $(.on(Act::ReadExports, &Method::GET, $path, handlers::$handler))*
        };
    }
    exports! {
        "/api/v1/targets" => targets,
        "/api/v1/config" => targets,
        "/api/v1/rules" => rules,
        "/api/v1/urls" => urls,
        "/service/{id}/targets" => service_targets,
        "/service/{id}/rules" => service_rules,
        "/service/{id}/urls" => service_urls,
        "/project/{id}/targets" => project_targets,
        "/project/{id}/rules" => project_rules,
        "/project/{id}/urls" => project_urls,
    }
}
