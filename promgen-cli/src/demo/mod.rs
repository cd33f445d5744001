//! The demo.

use promgen_http::Listener;

use crate::args::Args;
use crate::error::CommandError;

pub(crate) async fn run(_args: &Args, _listener: Listener) -> Result<(), CommandError> {
    Ok(())
}
