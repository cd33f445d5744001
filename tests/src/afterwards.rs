//! What is done when the test that asked for it is gone, however it ended.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Waits for the end of standard input, which only the test holds; then runs the command that
/// follows the folder, and removes the folder.
const SCRIPT: &str = r#"
folder=$1; shift
cd /
read -r _
"$@"
rm -rf --one-file-system "$folder"
"#;

/// A command that runs when this is dropped, or when the tests are killed.
#[derive(Debug)]
pub struct Afterwards {
    shell: Child,
}

impl Afterwards {
    /// Runs a command, then removes a folder, when this is dropped.
    ///
    /// # Panics
    /// When there is no shell.
    #[expect(clippy::expect_used, reason = "without it a test leaves things behind")]
    pub fn run(command: &[String], folder: &Path) -> Self {
        let shell = Command::new("sh")
            .args(["-c", SCRIPT, "afterwards"])
            .arg(folder)
            .args(command)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // A group of its own: Ctrl-C is for the tests, and gets here through the pipe.
            .process_group(0)
            .spawn();
        Self {
            shell: shell.expect("a shell"),
        }
    }
}

impl Drop for Afterwards {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        self.shell.wait().ok();
    }
}
