//! One handler per export.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, Method};
use promgen_core::app::{Actor, AppError, Outputs, Rendered, Selection, feed};
use promgen_core::model::{ProjectId, ServiceId};

use super::answer::{Format, answer};
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Credential, FeedQuery, Id};

/// What a request for an export brings along.
#[derive(Debug)]
pub(crate) struct Asked {
    server: Server,
    credential: Credential,
    query: FeedQuery,
    method: Method,
    headers: HeaderMap,
}

impl FromRequestParts<Server> for Asked {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, HttpError> {
        let Ok(credential) = Credential::from_request_parts(parts, server).await;
        Ok(Self {
            server: server.clone(),
            credential,
            query: FeedQuery::from_request_parts(parts, server).await?,
            method: parts.method.clone(),
            headers: parts.headers.clone(),
        })
    }
}

/// The function of [`Outputs`] that holds an export.
type Part = fn(&Outputs, &Selection) -> Result<Arc<Rendered>, AppError>;

impl Asked {
    /// Answers with a part of the site: everything, or a shard.
    async fn site(self, part: Part, format: Format<'static>) -> Result<Response, HttpError> {
        let selection = self.query.selection();
        self.answer(&selection, part, format).await
    }

    /// Answers with what a path names.
    async fn object(
        mut self,
        selection: Selection,
        part: Part,
        format: Format<'static>,
    ) -> Result<Response, HttpError> {
        self.query = self.query.without_shard()?;
        self.answer(&selection, part, format).await
    }

    async fn answer(
        self,
        selection: &Selection,
        part: Part,
        format: Format<'static>,
    ) -> Result<Response, HttpError> {
        let outputs = self.outputs().await?;
        let rendered = part(&outputs, selection)?;
        // Looking at the headers is no pull.
        if let (Some(host), &Method::GET) = (self.query.server, &self.method) {
            self.server.note_pull(host, outputs.revision);
        }
        Ok(answer(&self.headers, &rendered, format, outputs.revision))
    }

    /// The outputs. Open ones do not depend on the database: whoever brings a token gets them as
    /// well while no token can be looked up.
    async fn outputs(&self) -> Result<Arc<Outputs>, AppError> {
        let app = &self.server.app;
        match self.credential.actor(app).await {
            Ok(actor) => feed::read(app, &actor).await,
            Err(error @ AppError::Unavailable { .. }) => {
                feed::read(app, &Actor::Anonymous).await.map_err(|_| error)
            }
            Err(error) => Err(error),
        }
    }
}

macro_rules! exports {
    ($($(#[$doc:meta])* $site:ident $service:ident $project:ident: $part:path, $format:expr;)*) => {$(
        $(#[$doc])*
        pub(crate) async fn $site(asked: Asked) -> Result<Response, HttpError> {
            asked.site($part, $format).await
        }

        $(#[$doc])*
        /// Only those of one service.
        pub(crate) async fn $service(id: Id, asked: Asked) -> Result<Response, HttpError> {
            let selection = Selection::Service(ServiceId(id.0));
            asked.object(selection, $part, $format).await
        }

        $(#[$doc])*
        /// Only those of one project.
        pub(crate) async fn $project(id: Id, asked: Asked) -> Result<Response, HttpError> {
            let selection = Selection::Project(ProjectId(id.0));
            asked.object(selection, $part, $format).await
        }
    )*};
}

exports! {
    /// Targets for `http_sd_configs` and `file_sd_configs`.
    targets service_targets project_targets: Outputs::targets, Format::Json;
    /// The rule file.
    rules service_rules project_rules: Outputs::rules, Format::RuleFile;
    /// URLs for the blackbox exporter.
    urls service_urls project_urls: Outputs::urls, Format::Json;
}
