//! Routes with the acts of their use cases: what the router and the policy test are made from.
//!
//! A route cannot be registered without its act. Routes that programs use are documented: they
//! come with their part of the `OpenAPI` document.

use axum::handler::Handler;
use axum::routing::{MethodFilter, on};
use http::Method;
use promgen_core::app::policy::Act;
use utoipa::openapi::{OpenApi, PathItem, Paths};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use crate::Server;

/// One route: what is asked for, and the act that it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteRow {
    /// The method.
    pub method: Method,
    /// The path, with `{name}` for what varies.
    pub path: String,
    /// The act.
    pub act: Act,
}

/// Routes, collected.
#[derive(Clone, Default)]
pub(crate) struct Routes {
    inner: OpenApiRouter<Server>,
    rows: Vec<RouteRow>,
}

impl Routes {
    /// None yet; the document's frame is given.
    pub(crate) fn with_document(document: OpenApi) -> Self {
        Self {
            inner: OpenApiRouter::with_openapi(document),
            rows: Vec::new(),
        }
    }

    /// Adds a route that stands in no document.
    pub(crate) fn on<H, T>(mut self, act: Act, method: &Method, path: &str, handler: H) -> Self
    where
        H: Handler<T, Server>,
        T: 'static,
    {
        self.rows.push(RouteRow {
            method: method.clone(),
            path: path.to_owned(),
            act,
        });
        let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::GET);
        self.inner = self.inner.route(path, on(filter, handler));
        self
    }

    /// Adds a documented route, made with `routes!(handler)`.
    pub(crate) fn documented(mut self, act: Act, route: UtoipaMethodRouter<Server>) -> Self {
        self.rows.extend(rows_of(&route.1, act));
        self.inner = self.inner.routes(route);
        self
    }

    /// Adds others.
    pub(crate) fn merge(mut self, others: Self) -> Self {
        self.rows.extend(others.rows);
        self.inner = self.inner.merge(others.inner);
        self
    }

    /// The router, the document and the list of routes.
    pub(crate) fn finish(self) -> (axum::Router<Server>, OpenApi, Vec<RouteRow>) {
        let (router, document) = self.inner.split_for_parts();
        (router, document, self.rows)
    }
}

fn rows_of(paths: &Paths, act: Act) -> Vec<RouteRow> {
    let mut rows = Vec::new();
    for (path, item) in &paths.paths {
        rows.extend(methods(item).map(|method| RouteRow {
            method,
            path: path.clone(),
            act,
        }));
    }
    rows
}

fn methods(item: &PathItem) -> impl Iterator<Item = Method> {
    let all = [
        (Method::GET, item.get.is_some()),
        (Method::POST, item.post.is_some()),
        (Method::PUT, item.put.is_some()),
        (Method::PATCH, item.patch.is_some()),
        (Method::DELETE, item.delete.is_some()),
    ];
    all.into_iter()
        .filter_map(|(method, there)| there.then_some(method))
}
