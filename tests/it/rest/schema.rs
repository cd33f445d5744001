//! The served `OpenAPI` document, held against the server by generated requests.
//!
//! Schemathesis makes requests that the document allows and such that it forbids, for every
//! operation, as a superuser and as somebody who may only look. Whatever comes, the server neither
//! breaks nor answers what the document does not say. Whether each odd value is refused is not asked:
//! a document cannot say all that a use case checks.

use std::io::Write as _;
use std::process::Stdio;

use promgen_tests::process::{self, needed};
use promgen_tests::prometheus::{Server, alertmanager};
use promgen_tests::promgen::{Installation, QUICK, Web};

/// What is asked of each answer.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance,ignored_auth,\
                      missing_required_header,unsupported_method,allow_header_conformance";

const PEOPLE: &str = "promgen: 1\nusers: [{username: viewer}]\n";

struct Site {
    installation: Installation,
    web: Web,
    alertmanager: Option<Server>,
}

impl Site {
    async fn new() -> Self {
        let installation = Installation::new(None, QUICK);
        let config = "route: {receiver: none}\nreceivers: [{name: none}]\n";
        let alertmanager = alertmanager(installation.folder(), config).await;
        if let Some(server) = &alertmanager {
            let settings = format!("{QUICK}alertmanager: {{url: '{}'}}\n", server.url());
            installation.write("promgen.yml", &settings);
        }
        let tree = promgen_tests::golden::golden_path("tree.yml");
        installation.load(&std::fs::read_to_string(tree).unwrap());
        installation.write("people.yml", PEOPLE);
        installation.ok(&["tree", "apply", "people.yml", "--create-users"]);
        superuser(&installation);
        let web = installation.web(&["--no-worker"]).await;
        Self {
            installation,
            web,
            alertmanager,
        }
    }

    fn token(&self, user: &str) -> String {
        let scopes = ["--scope", "read", "--scope", "write"];
        let mut arguments = vec!["token", "create", "--user", user];
        arguments.extend(scopes);
        self.installation.ok(&arguments).trim().to_owned()
    }

    /// Runs the generator; answers what it has to say where it found something.
    fn generate(&self, token: &str) -> Result<(), String> {
        if self.alertmanager.is_none() {
            return Ok(());
        }
        let Some(program) = needed(&["schemathesis"]) else {
            return Ok(());
        };
        let url = format!("{}/rest/v2/schema?format=json", self.web.url);
        let authorization = format!("Authorization: Token {token}");
        let arguments = [
            "run",
            &url,
            "--header",
            &authorization,
            "--checks",
            CHECKS,
            "--phases",
            "examples,coverage,fuzzing",
            "--max-examples",
            "10",
            "--max-time",
            "60",
            "--seed",
            "1",
            "--warnings",
            "off",
            "--request-timeout",
            "30",
        ];
        let done = process::command(&program, &arguments)
            .current_dir(self.installation.folder())
            .env_remove("CI")
            .output()
            .unwrap();
        if done.status.success() {
            return Ok(());
        }
        Err(String::from_utf8_lossy(&done.stdout).into_owned())
    }
}

/// Makes the superuser `root`.
fn superuser(installation: &Installation) {
    let arguments = ["createsuperuser", "--username", "root", "--password-stdin"];
    let mut made = installation
        .command(&arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = made.stdin.take().unwrap();
    stdin.write_all(b"a password of the test\n").unwrap();
    drop(stdin);
    assert!(made.wait().unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn generated_requests_of_a_superuser_are_answered_as_documented() {
    let site = Site::new().await;
    let found = site.generate(&site.token("root"));
    assert!(found.is_ok(), "{}", found.unwrap_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn generated_requests_of_a_viewer_are_answered_as_documented() {
    let site = Site::new().await;
    let found = site.generate(&site.token("viewer"));
    assert!(found.is_ok(), "{}", found.unwrap_err());
}
