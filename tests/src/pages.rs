//! Whether pages are what browsers and screen readers understand: `html-validate` and `axe-core` of
//! the npm registry, in the versions of `e2e/pages/package-lock.json`.

use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::process::{command, needed};

/// Both, installed by `tests/run`.
#[derive(Debug)]
pub struct Examiners {
    node: PathBuf,
    modules: PathBuf,
}

impl Examiners {
    /// Finds them; `None` where they are not installed.
    ///
    /// # Panics
    /// In CI, when they are not installed.
    #[expect(clippy::print_stderr, reason = "a skipped test must say so")]
    pub fn find() -> Option<Self> {
        let node = needed(&["node", "nodejs"])?;
        let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
        let modules = tests.join("../target/pages/node_modules");
        if !modules.join("axe-core").is_dir() {
            assert!(
                std::env::var_os("CI").is_none(),
                "axe-core is missing; tests/run installs it"
            );
            eprintln!("skipped: axe-core is not installed");
            return None;
        }
        Some(Self { node, modules })
    }

    /// The script that examines a page from inside.
    ///
    /// # Panics
    /// When it cannot be read.
    #[expect(clippy::expect_used, reason = "the package is installed")]
    pub fn axe(&self) -> String {
        std::fs::read_to_string(self.modules.join("axe-core/axe.min.js")).expect("axe-core")
    }

    /// What is wrong with the HTML of pages, by their names: `NAME:LINE:COLUMN: RULE: MESSAGE`.
    ///
    /// # Panics
    /// When the validator cannot be run.
    #[expect(clippy::expect_used, reason = "the package is installed")]
    pub fn faults(&self, pages: &[(&str, &str)]) -> Vec<String> {
        let folder = TempDir::new().expect("a folder");
        for (number, (_, html)) in pages.iter().enumerate() {
            let file = folder.path().join(format!("{number:05}.html"));
            std::fs::write(file, html).expect("a file");
        }
        let program = self.modules.join("html-validate/bin/html-validate.mjs");
        let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("e2e/pages/config.json");
        let mut command = command(&self.node, &[program.as_os_str()]);
        command.arg("--config").arg(config);
        // Into a file: node ends before it has written all of a large answer to a pipe.
        let report = folder.path().join("report.json");
        command
            .arg("--formatter")
            .arg(format!("json={}", report.display()));
        let done = command.arg(folder.path()).output().expect("node runs");
        let complaint = String::from_utf8_lossy(&done.stderr);
        let report = std::fs::read(report).unwrap_or_default();
        let told = serde_json::from_slice::<Vec<Value>>(&report);
        assert!(told.is_ok(), "html-validate: {complaint}");
        let told = told.unwrap_or_default();
        told.iter().flat_map(|of| faults_of(of, pages)).collect()
    }
}

fn faults_of(told: &Value, pages: &[(&str, &str)]) -> Vec<String> {
    let file = told["filePath"].as_str().map(Path::new);
    let number = file.and_then(|file| file.file_stem()?.to_str()?.parse::<usize>().ok());
    let page = number.and_then(|number| pages.get(number));
    let name = page.map_or("?", |(name, _)| name);
    let messages = told["messages"].as_array().cloned().unwrap_or_default();
    let line = |one: &Value| {
        let (rule, message) = (&one["ruleId"], &one["message"]);
        format!(
            "{name}:{}:{}: {rule}: {message}",
            one["line"], one["column"]
        )
    };
    messages.iter().map(line).collect()
}
