//! A real `OpenID` Connect provider: the certified `oidc-provider` of the npm registry.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::http::{client, send};
use crate::process::{Running, command, needed};
use crate::wait::{free_port, until};

/// The client that the provider knows.
pub const CLIENT: &str = "promgen";

/// Its secret.
pub const SECRET: &str = "s3cret-client";

/// The provider. Its login form takes any name.
#[derive(Debug)]
pub struct Provider {
    /// Its issuer, `http://127.0.0.1:PORT`.
    pub issuer: String,
    _process: Running,
}

impl Provider {
    /// Starts one on a free port; `None` where node or the package is not installed.
    ///
    /// # Panics
    /// When it does not get ready; in CI, when it is not installed.
    #[expect(clippy::print_stderr, reason = "a skipped test must say so")]
    pub async fn start(folder: &Path) -> Option<Self> {
        let node = needed(&["node", "nodejs"])?;
        let modules = modules();
        if !modules.join("node_modules/oidc-provider").is_dir() {
            assert!(
                std::env::var_os("CI").is_none(),
                "oidc-provider is missing; tests/run installs it"
            );
            eprintln!("skipped: oidc-provider is not installed");
            return None;
        }
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/e2e/oidc/provider.mjs");
        let log = folder.join(format!("oidc-{}.log", free_port()));
        let mut command = command(&node, &[script]);
        let process = Running::start(command.env("OIDC_MODULES", modules), &log);
        let issuer = until("the OpenID Connect provider", async || {
            let log = process.log();
            let line = log
                .lines()
                .find_map(|line| line.strip_prefix("listening on "));
            line.map(str::to_owned)
        })
        .await;
        Some(Self {
            issuer,
            _process: process,
        })
    }

    /// Sets the claims of an account.
    ///
    /// # Panics
    /// When the provider does not take them.
    pub async fn account(&self, sub: &str, claims: &Value) {
        let request = client()
            .put(format!("{}/accounts/{sub}", self.issuer))
            .body(claims.to_string());
        let status = send(request).await.map(|answer| answer.status);
        assert_eq!(status, Some(204), "the provider takes an account");
    }
}

/// Where `tests/run` installs the package.
fn modules() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/oidc")
}
