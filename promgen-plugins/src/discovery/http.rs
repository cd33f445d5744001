//! Farms from addresses that answer as Prometheus' `http_sd` wants it, such as another Promgen's
//! `/api/v1/targets`.

use std::sync::Arc;

use async_trait::async_trait;
use promgen_core::config::Settings;
use promgen_core::model::{LabelName, Secret};
use promgen_core::plugin::{
    Discovery, DiscoveryContext, DiscoveryDescription, DiscoveryError, HttpRequest, HttpResponse,
    PluginError,
};
use promgen_core::register_discovery;
use url::Url;

use super::groups::{FARM_LABEL, Farms, Group, short};
use super::memo::Memo;
use super::section::Reader;

static HTTP: DiscoveryDescription = DiscoveryDescription {
    key: "http",
    label: "HTTP",
    help: "Farms from addresses that answer groups as Prometheus' http_sd takes them, such as \
           /api/v1/targets of another Promgen. The farm of a group is in its label `farm`, or in \
           the one that promgen.discovery.http: farm_label names; the addresses are named in \
           promgen.discovery.http: url.",
    section: SECTION,
    build: |settings| Ok(Arc::new(Http::new(settings)?)),
};

register_discovery!(HTTP);

const SECTION: &str = "promgen.discovery.http";

#[derive(Debug)]
struct Http {
    addresses: Vec<Address>,
    headers: Vec<(String, Secret<String>)>,
    farm_label: String,
    memo: Memo<Vec<u8>>,
}

/// An address, and what may be told of it.
#[derive(Debug)]
struct Address {
    url: Secret<String>,
    /// Without user, password and query.
    shown: String,
}

impl Http {
    fn new(settings: &Settings) -> Result<Self, PluginError> {
        let known = ["url", "headers", "farm_label"];
        let section = Reader::open(settings, SECTION, &known)?;
        let urls = section.texts("url")?;
        let addresses: Option<Vec<Address>> = urls.into_iter().map(Address::parse).collect();
        let addresses = addresses.ok_or_else(|| {
            let remedy = "write it like https://cmdb.example.com/sd";
            section.refuse("url is no http or https URL", remedy)
        })?;
        Ok(Self {
            addresses,
            headers: headers(&section)?,
            farm_label: farm_label(&section)?,
            memo: Memo::new(),
        })
    }

    /// The farms of all addresses. One that does not answer fails them all: its hosts would seem
    /// gone.
    async fn read(&self, context: &dyn DiscoveryContext) -> Result<Arc<Farms>, DiscoveryError> {
        if self.addresses.is_empty() {
            return Err(DiscoveryError {
                message: format!("no address is named; set `{SECTION}: url`"),
            });
        }
        let mut bodies = Vec::with_capacity(self.addresses.len());
        for address in &self.addresses {
            let mut request = HttpRequest::get(address.url.reveal());
            let accept = ("Accept".to_owned(), "application/json".to_owned());
            request.headers.push(accept);
            for (name, value) in &self.headers {
                request.headers.push((name.clone(), value.reveal().clone()));
            }
            let answer = context.http(request).await?;
            bodies.push(body(answer).map_err(|message| address.wrong(&message))?);
        }
        self.memo.farms(bodies, |bodies| self.parse(bodies))
    }

    /// The bodies are those of the addresses, in their order.
    fn parse(&self, bodies: &[Vec<u8>]) -> Result<Farms, DiscoveryError> {
        let mut farms = Farms::default();
        for (address, body) in self.addresses.iter().zip(bodies) {
            let groups = groups(body).map_err(|message| address.wrong(&message))?;
            farms.add_groups(groups, &self.farm_label);
        }
        Ok(farms)
    }
}

#[async_trait]
impl Discovery for Http {
    async fn farms(&self, context: &dyn DiscoveryContext) -> Result<Vec<String>, DiscoveryError> {
        Ok(self.read(context).await?.names())
    }

    async fn fetch(
        &self,
        context: &dyn DiscoveryContext,
        farm: &str,
    ) -> Result<Vec<String>, DiscoveryError> {
        self.read(context).await?.hosts(farm)
    }
}

impl Address {
    fn parse(text: String) -> Option<Self> {
        let mut url = Url::parse(&text).ok()?;
        if !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        url.set_query(None);
        url.set_fragment(None);
        url.set_username("").ok()?;
        url.set_password(None).ok()?;
        Some(Self {
            shown: url.to_string(),
            url: Secret::new(text),
        })
    }

    fn wrong(&self, message: &str) -> DiscoveryError {
        DiscoveryError {
            message: format!("{}: {message}", self.shown),
        }
    }
}

fn headers(section: &Reader<'_>) -> Result<Vec<(String, Secret<String>)>, PluginError> {
    let Some(value) = section.value("headers") else {
        return Ok(Vec::new());
    };
    // No message holds a value: it is a secret.
    let refused = || {
        let remedy = "write header names with texts, such as `Authorization: Bearer …`";
        section.refuse("headers is no mapping of names to texts", remedy)
    };
    let mapping = value.as_mapping().ok_or_else(refused)?;
    let mut headers = Vec::new();
    for (name, value) in mapping {
        let (name, value) = name.as_str().zip(value.as_str()).ok_or_else(refused)?;
        let legal = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if name.is_empty() || !name.chars().all(legal) || value.chars().any(char::is_control) {
            return Err(refused());
        }
        headers.push((name.to_owned(), Secret::new(value.to_owned())));
    }
    Ok(headers)
}

fn farm_label(section: &Reader<'_>) -> Result<String, PluginError> {
    let Some(value) = section.value("farm_label") else {
        return Ok(FARM_LABEL.to_owned());
    };
    let label = value.as_str().and_then(|text| LabelName::parse(text).ok());
    let label = label.ok_or_else(|| {
        let remedy = "write letters, digits and _, such as farm";
        section.refuse("farm_label is no name of a label", remedy)
    })?;
    Ok(label.to_string())
}

/// The body of an answer that may be one; the error says what to do about it.
fn body(answer: HttpResponse) -> Result<Vec<u8>, String> {
    match answer.status {
        200 => {}
        status @ 300..=399 => {
            let why = "redirects are not followed; set the final address";
            return Err(format!("HTTP {status}: {why}"));
        }
        status @ (401 | 403) => {
            return Err(format!("HTTP {status}; check `{SECTION}: headers`"));
        }
        status => return Err(format!("HTTP {status}; check `{SECTION}: url`")),
    }
    let first = answer.body.iter().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(&b'<') {
        let remedy = "check that the address is that of the list, and needs no login";
        return Err(format!("HTTP 200 with a page of HTML, not JSON; {remedy}"));
    }
    Ok(answer.body)
}

fn groups(body: &[u8]) -> Result<Vec<Group>, String> {
    serde_json::from_slice(body).map_err(|error| {
        let wanted = "a JSON list of groups as http_sd has it; mend the source";
        format!("HTTP 200, but {}; it must answer {wanted}", short(&error))
    })
}

#[cfg(test)]
mod tests;
