//! `/rest/all/…` and the outputs of a service or project

use std::sync::Arc;

use axum::response::Response;
use http::{HeaderMap, header};
use promgen_core::app::policy::Act;
use promgen_core::app::seen::{self, Part};
use promgen_core::app::{AppError, Outputs, Rendered, Selection};

use super::asked::Asked;
use super::named::Named;
use crate::error::HttpError;
use crate::feed::{Format, answer};
use crate::rest::RestError;
use crate::routes::Routes;

pub(super) fn routes(prefix: &str) -> Routes {
    let all = |output: &str| format!("{prefix}/all/{output}/");
    let of = |kind: &str, output: &str| format!("{prefix}/{kind}/{{name}}/{output}/");
    Routes::default()
        .reads(Act::List, &all("targets"), "json", all_targets)
        .reads(Act::List, &all("urls"), "json", all_urls)
        .reads(Act::List, &all("rules"), "yaml", all_rules)
        .reads(Act::See, &of("service", "targets"), "json", service_targets)
        .reads(Act::See, &of("service", "rules"), "yaml", service_rules)
        .reads(Act::See, &of("project", "targets"), "json", project_targets)
        .reads(Act::See, &of("project", "rules"), "yaml", project_rules)
}

/// The function of [`Outputs`] that holds an output.
type Output = fn(&Outputs, &Selection) -> Result<Arc<Rendered>, AppError>;

async fn respond(
    asked: &Asked,
    headers: &HeaderMap,
    part: Part<'_>,
    output: Output,
    format: Format<'_>,
) -> Result<Response, RestError> {
    if format != Format::Json && !takes_yaml(headers) {
        return Err(HttpError::NotAcceptable.into());
    }
    let (outputs, selection) = seen::outputs(&asked.app, &asked.actor, part).await?;
    let rendered = output(&outputs, &selection)?;
    Ok(answer(headers, &rendered, format, outputs.revision))
}

/// Whether a client takes rules, which are YAML and nothing else.
fn takes_yaml(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT);
    let mut ranges = values
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|range| range.split(';').next().unwrap_or_default().trim())
        .filter(|range| !range.is_empty())
        .peekable();
    let yaml = [
        "*/*",
        "application/*",
        "application/x-yaml",
        "application/yaml",
    ];
    ranges.peek().is_none()
        || ranges.any(|range| yaml.iter().any(|known| range.eq_ignore_ascii_case(known)))
}

async fn all_targets(asked: Asked, headers: HeaderMap) -> Result<Response, RestError> {
    respond(&asked, &headers, Part::All, Outputs::targets, Format::Json).await
}

async fn all_urls(asked: Asked, headers: HeaderMap) -> Result<Response, RestError> {
    respond(&asked, &headers, Part::All, Outputs::urls, Format::Json).await
}

async fn all_rules(asked: Asked, headers: HeaderMap) -> Result<Response, RestError> {
    let format = Format::NamedRuleFile("alert");
    respond(&asked, &headers, Part::All, Outputs::rules, format).await
}

async fn service_targets(
    asked: Asked,
    Named(name): Named,
    headers: HeaderMap,
) -> Result<Response, RestError> {
    let part = Part::Service(&name);
    respond(&asked, &headers, part, Outputs::targets, Format::Json).await
}

async fn service_rules(
    asked: Asked,
    Named(name): Named,
    headers: HeaderMap,
) -> Result<Response, RestError> {
    let (part, format) = (Part::Service(&name), Format::NamedRuleFile(&name));
    respond(&asked, &headers, part, Outputs::rules, format).await
}

async fn project_targets(
    asked: Asked,
    Named(name): Named,
    headers: HeaderMap,
) -> Result<Response, RestError> {
    let part = Part::Project(&name);
    respond(&asked, &headers, part, Outputs::targets, Format::Json).await
}

async fn project_rules(
    asked: Asked,
    Named(name): Named,
    headers: HeaderMap,
) -> Result<Response, RestError> {
    let (part, format) = (Part::Project(&name), Format::NamedRuleFile(&name));
    respond(&asked, &headers, part, Outputs::rules, format).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_takes_yaml_or_anything_gets_it() {
        let takes = |accept: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().unwrap());
            takes_yaml(&headers)
        };
        assert!(takes_yaml(&HeaderMap::new()));
        for accept in [
            "",
            "*/*",
            "text/html, */*;q=0.8",
            "application/X-YAML",
            "application/*",
        ] {
            assert!(takes(accept), "{accept}");
        }
        for accept in ["text/html", "application/json", "text/*;q=1"] {
            assert!(!takes(accept), "{accept}");
        }
    }
}
