//! Every page that people look at and every list of the REST API, one request after the other on
//! one connection, by somebody who is logged in.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE, HOST, SET_COOKIE};
use http::{HeaderMap, Method, Request, StatusCode, Uri};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::SendRequest;

use promgen_core::app::policy::Act;
use promgen_http::{RouteRow, route_rows};

use crate::load::{Failure, connect, host};
use crate::report;

/// What is measured, and as whom.
#[derive(Debug, clap::Args)]
pub(crate) struct Plan {
    /// Where Promgen is.
    url: Uri,
    /// A user.
    #[arg(long)]
    user: String,
    /// Their password.
    #[arg(long)]
    password: String,
    /// How often each page is asked for.
    #[arg(long, default_value_t = 30)]
    requests: usize,
    /// What stands in the place of `{name}` in a path, such as a host.
    #[arg(long, default_value = "h000.project-000-00.example.com")]
    name: String,
}

/// How a page did.
struct Seen {
    path: String,
    status: StatusCode,
    is_page: bool,
    took: Vec<Duration>,
    bytes: usize,
}

/// Prints a table: each page with its median and longest time, and its size.
pub(crate) async fn run(plan: &Plan) -> Result<(), Failure> {
    let mut connection = Connection::open(&plan.url).await?;
    connection.log_in(&plan.user, &plan.password).await?;
    let (mut pages, mut lists) = (Vec::new(), Vec::new());
    for row in route_rows() {
        let is_list = row.act == Act::List && row.path.starts_with("/rest/v2/");
        if row.method != Method::GET || !is_list && is_for_programs(&row) {
            continue;
        }
        let seen = connection
            .measure(&path(&row, &plan.name), plan.requests)
            .await?;
        if is_list {
            lists.push(seen);
        } else if seen.is_page {
            pages.push(seen);
        }
    }
    tell("page", pages);
    tell("list", lists);
    Ok(())
}

fn is_for_programs(row: &RouteRow) -> bool {
    let prefixes = ["/rest/", "/api/", "/proxy/", "/static/", "/metrics"];
    prefixes.iter().any(|prefix| row.path.starts_with(prefix))
}

fn path(row: &RouteRow, name: &str) -> String {
    // Where a host is deleted stands its id, on the pages about one its name.
    let of_host = ["/host/{id}", "/host/{id}/health"].contains(&row.path.as_str());
    let filled = row.path.split('/').map(|part| match part {
        "{name}" | "{hostname}" => name,
        "{id}" if of_host => name,
        part if part.starts_with('{') => "1",
        part => part,
    });
    filled.collect::<Vec<_>>().join("/")
}

fn tell(kind: &str, mut all: Vec<Seen>) {
    report(&format!(
        "{kind:<48} {:>9} {:>9} {:>9}",
        "p50 ms", "most ms", "kB"
    ));
    for seen in &mut all {
        seen.took.sort_unstable();
        let millis = |at: usize| {
            seen.took
                .get(at)
                .map_or(0.0, |took| took.as_secs_f64() * 1e3)
        };
        let (half, most) = (
            millis(seen.took.len() / 2),
            millis(seen.took.len().saturating_sub(1)),
        );
        let kilobytes = f64::from(u32::try_from(seen.bytes).unwrap_or(u32::MAX)) / 1e3;
        let note = if seen.status.is_success() {
            ""
        } else {
            seen.status.as_str()
        };
        report(&format!(
            "{:<48} {half:>9.1} {most:>9.1} {kilobytes:>9.1} {note}",
            seen.path
        ));
    }
}

/// A connection that is kept, and the cookies of its answers.
struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: String,
    cookies: Vec<(String, String)>,
}

impl Connection {
    async fn open(url: &Uri) -> Result<Self, Failure> {
        Ok(Self {
            sender: connect(url).await?,
            host: host(url),
            cookies: Vec::new(),
        })
    }

    async fn log_in(&mut self, user: &str, password: &str) -> Result<(), Failure> {
        self.ask(Method::GET, "/login/", String::new()).await?;
        let token = self.cookie("csrftoken").to_owned();
        let fields = [
            ("username", user),
            ("password", password),
            ("csrfmiddlewaretoken", &token),
        ];
        let form = fields
            .map(|(name, value)| format!("{name}={}", escaped(value)))
            .join("&");
        let (head, _) = self.ask(Method::POST, "/login/", form).await?;
        if head.0 == StatusCode::SEE_OTHER {
            return Ok(());
        }
        Err(format!("the login of {user} was refused: {}", head.0).into())
    }

    fn cookie(&self, wanted: &str) -> &str {
        let found = self.cookies.iter().rev().find(|(name, _)| name == wanted);
        found.map_or("", |(_, value)| value)
    }

    async fn measure(&mut self, path: &str, requests: usize) -> Result<Seen, Failure> {
        // The first request fills what is remembered.
        let ((status, headers), body) = self.ask(Method::GET, path, String::new()).await?;
        let media = headers.get(CONTENT_TYPE);
        let is_page = media.is_some_and(|media| media.as_bytes().starts_with(b"text/html"));
        let mut took = Vec::with_capacity(requests);
        for _ in 0..requests {
            let begun = Instant::now();
            self.ask(Method::GET, path, String::new()).await?;
            took.push(begun.elapsed());
        }
        Ok(Seen {
            path: path.to_owned(),
            status,
            is_page,
            took,
            bytes: body.len(),
        })
    }

    async fn ask(
        &mut self,
        method: Method,
        path: &str,
        form: String,
    ) -> Result<((StatusCode, HeaderMap), Bytes), Failure> {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(k, v)| format!("{k}={v}"))
            .collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, &self.host)
            .header(COOKIE, cookies.join("; "))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::from(form))?;
        self.sender.ready().await?;
        let (head, body) = self.sender.send_request(request).await?.into_parts();
        for cookie in head.headers.get_all(SET_COOKIE) {
            let pair = cookie.to_str()?.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        Ok((
            (head.status, head.headers),
            body.collect().await?.to_bytes(),
        ))
    }
}

/// A value of a form, with everything escaped that is no letter or digit.
fn escaped(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(escape).collect()
}
