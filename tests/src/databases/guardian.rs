//! A process that stops a server when the tests that started it are gone.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// How long a server may take to start on a machine that is busy with builds.
const START: Duration = Duration::from_mins(2);

/// Starts the command that follows the three arguments, waits until standard input ends, and stops
/// the process whose id is in the server's own file: a program such as `runuser` may stand between.
const SCRIPT: &str = r#"
folder=$1 signal=$2 pid_file=$3; shift 3
exec 3>&2 2>/dev/null
"$@" 2>&3 3>&- &
server=$!
exec 3>&-
read -r _
read -r pid <"$pid_file" || pid=$server
kill "-$signal" "$pid"
wait "$server"
rm -rf "$folder"
"#;

/// What to start, and how to know it.
pub(super) struct Plan<'a> {
    /// Removed when the server has ended.
    pub(super) folder: &'a Path,
    /// Name of the signal that stops it.
    pub(super) signal: &'static str,
    /// Where it writes its process id, in the first line.
    pub(super) pid_file: PathBuf,
    /// Part of the line that it prints to standard error once it is ready.
    pub(super) ready: &'static str,
    /// Program and arguments.
    pub(super) command: Vec<String>,
}

/// A running server and its guardian. Dropping it stops the server and waits for its end.
#[derive(Debug)]
pub(super) struct Guardian {
    shell: Child,
}

impl Guardian {
    /// Starts a server and waits until it says that it is ready.
    ///
    /// The answer is what it printed, when it ends or stays silent instead.
    pub(super) fn start(plan: &Plan<'_>) -> Result<Self, String> {
        let mut shell = Command::new("sh")
            .args(["-c", SCRIPT, "guardian"])
            .arg(plan.folder)
            .arg(plan.signal)
            .arg(&plan.pid_file)
            .args(&plan.command)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            // A group of its own: Ctrl-C is for the tests, and reaches the server through the pipe.
            .process_group(0)
            .spawn()
            .map_err(|error| error.to_string())?;
        let output = shell.stderr.take().ok_or("no standard error")?;
        let ready = plan.ready;
        let (told, listen) = mpsc::channel();
        // Reads for as long as the server lives, so that it never waits for room in the pipe.
        std::thread::spawn(move || {
            let mut said = Some(String::new());
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if let Some(text) = &mut said {
                    text.push_str(&line);
                    text.push('\n');
                }
                if line.contains(ready) {
                    said = None;
                    told.send(Ok(())).ok();
                }
            }
            if let Some(text) = said {
                told.send(Err(text)).ok();
            }
        });
        let guardian = Self { shell };
        match listen.recv_timeout(START) {
            Ok(Ok(())) => Ok(guardian),
            Ok(Err(said)) => Err(said),
            Err(_) => Err(format!("not ready after {START:?}")),
        }
    }
}

impl Drop for Guardian {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        self.shell.wait().ok();
    }
}
