//! One host.

use std::time::Duration;

use tokio::time::Instant;

use super::{Answer, Place, TestedTarget};
use crate::egress::{Class, Client, EgressFailure, Streaming};
use crate::exposition::{Dialect, Reader};
use crate::model::{ExporterPath, Hostname, Scheme};
use crate::plugin::HttpRequest;

/// How long a host may take: Prometheus' own default.
const PATIENCE: Duration = Duration::from_secs(10);

/// Largest body that is read. It is counted unpacked and never kept, so this is a matter of time.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// What Prometheus says that it takes.
const ACCEPT: &str = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;\
                      version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

/// What a host is asked for.
pub(super) struct Target {
    /// The address as it is told: always with its port.
    shown: String,
    authority: String,
    scheme: Scheme,
    /// Discovery and imports may bring names that are none.
    is_host: bool,
}

impl Target {
    pub(super) fn new(host: &str, place: Place<'_>) -> Self {
        let authority = format!("{host}:{}", place.port);
        let path = ExporterPath::split(place.path);
        let metrics = path.metrics_path.filter(|path| !path.is_empty());
        let mut shown = format!(
            "{}://{authority}{}",
            place.scheme,
            metrics.as_deref().unwrap_or("/metrics")
        );
        if !path.params.is_empty() {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            query.extend_pairs(&path.params);
            shown = format!("{shown}?{}", query.finish());
        }
        Self {
            shown,
            authority,
            scheme: place.scheme,
            is_host: Hostname::parse(host).is_ok(),
        }
    }

    /// Asks it, and reads what comes.
    pub(super) async fn ask(self, client: &Client, until: Instant) -> TestedTarget {
        let begun = Instant::now();
        let patience = PATIENCE.min(until.saturating_duration_since(begun));
        let answer = if patience.is_zero() {
            Err("not asked: the hosts before it took all the time that there was".to_owned())
        } else {
            self.answer(client, patience).await
        };
        TestedTarget {
            url: self.shown,
            took: begun.elapsed(),
            answer,
        }
    }

    async fn answer(&self, client: &Client, patience: Duration) -> Result<Answer, String> {
        let told = |failure: EgressFailure| failure.to_string();
        if !self.is_host {
            return Err("this is neither an address nor a DNS name".to_owned());
        }
        let asking = client.open(Class::Scrape, self.request(), patience);
        read(asking.await.map_err(told)?).await.map_err(told)?
    }

    fn request(&self) -> HttpRequest {
        let mut request = HttpRequest::get(self.shown.as_str());
        let mut header = |name: &str, value: &str| {
            request.headers.push((name.to_owned(), value.to_owned()));
        };
        header("Accept", ACCEPT);
        header("X-Prometheus-Scrape-Timeout-Seconds", "10.0");
        if self.scheme == Scheme::Http && self.authority.is_ascii() {
            // With the port, also where it is the usual one, as the original sends it.
            header("Host", &self.authority);
        }
        request
    }
}

/// Reads an answer to its end. Of one that is no success the body does not matter.
async fn read(mut answer: Streaming) -> Result<Result<Answer, String>, EgressFailure> {
    let status = answer.status;
    let mut reader = Reader::new(Dialect::of(answer.content_type.as_deref()));
    let is_success = (200..300).contains(&status);
    let mut bytes = 0;
    while is_success && let Some(piece) = answer.next().await? {
        bytes += piece.len() as u64;
        if bytes > MOST_BYTES {
            let mib = MOST_BYTES / 1024 / 1024;
            return Ok(Err(format!("the answer is larger than {mib} MiB")));
        }
        reader.feed(&piece);
    }
    Ok(Ok(Answer {
        status,
        bytes,
        body: is_success.then(|| reader.finish()),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_the_one_that_prometheus_asks() {
        for (host, port, path, scheme, wanted) in [
            (
                "a.example",
                80,
                "",
                Scheme::Http,
                "http://a.example:80/metrics",
            ),
            ("[::1]", 9, "/foo", Scheme::Https, "https://[::1]:9/foo"),
            (
                "a",
                9,
                "/m?b=c%20d&e=&b=x",
                Scheme::Http,
                "http://a:9/m?b=c+d",
            ),
            ("a", 9, "?b=c", Scheme::Http, "http://a:9/metrics?b=c"),
        ] {
            let place = Place { port, path, scheme };
            assert_eq!(Target::new(host, place).shown, wanted);
        }
    }

    fn client() -> Client {
        let settings = crate::config::Egress {
            allow: vec!["127.0.0.0/8".to_owned()],
            ..Default::default()
        };
        Client::new(&settings).unwrap()
    }

    /// Asks a listener that does what it is told with its connection.
    async fn tested(serve: impl AsyncFnOnce(tokio::net::TcpStream)) -> TestedTarget {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let place = Place {
            port: listener.local_addr().unwrap().port(),
            path: "",
            scheme: Scheme::Http,
        };
        let client = client();
        let until = Instant::now() + Duration::from_millis(200);
        let asking = Target::new("127.0.0.1", place).ask(&client, until);
        let serving = async {
            let (connection, _) = listener.accept().await.unwrap();
            serve(connection).await;
        };
        tokio::select! {
            tested = asking => tested,
            () = serving => unreachable!("it never ends"),
        }
    }

    #[tokio::test]
    async fn s4_a_host_that_says_nothing_or_never_ends_is_left_at_the_deadline() {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        // Connections stay open until the test is over.
        let silent = tested(async |_connection| std::future::pending().await).await;
        let dripping = tested(async |mut connection| {
            let mut asked = [0; 1];
            connection.read_exact(&mut asked).await.unwrap();
            let head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\na 1\n";
            connection.write_all(head).await.unwrap();
            std::future::pending::<()>().await;
        });
        for tested in [silent, dripping.await] {
            let message = tested.answer.unwrap_err();
            assert!(message.contains("no answer within 0."), "{message}");
        }
    }

    #[tokio::test]
    async fn whoever_comes_after_the_end_of_all_time_is_not_asked() {
        let place = Place {
            port: 1,
            path: "",
            scheme: Scheme::Http,
        };
        let target = Target::new("127.0.0.1", place);
        let tested = target.ask(&client(), Instant::now()).await;
        assert!(tested.answer.unwrap_err().starts_with("not asked"));
    }

    #[tokio::test]
    async fn what_is_no_host_is_not_asked() {
        let place = Place {
            port: 1,
            path: "",
            scheme: Scheme::Http,
        };
        let until = Instant::now() + PATIENCE;
        let tested = Target::new("a/b@127.0.0.1", place)
            .ask(&client(), until)
            .await;
        assert!(tested.answer.unwrap_err().starts_with("this is neither"));
    }
}
