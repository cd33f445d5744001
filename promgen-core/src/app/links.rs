//! Links that are used once: 256 random bits, of which only the hash is stored.

use std::time::Duration;

use sha2::{Digest as _, Sha256};

use super::login::{Attempt, Origin};
use super::{App, AppError, random};
use crate::model::{LinkId, LinkKind, OneTimeLink, Secret, UserId};
use crate::store::Tx;

/// Links that are removed at once.
const BATCH: u64 = 500;

/// A link to be.
pub(super) struct NewLink {
    pub(super) kind: LinkKind,
    pub(super) user: Option<UserId>,
    /// What must still be so when it is used.
    pub(super) state: Option<String>,
    pub(super) good_for: Duration,
}

/// Makes a link, and answers the secret part of its address.
pub(super) async fn insert(app: &App, tx: &Tx, new: NewLink) -> Result<Secret<String>, AppError> {
    let text = hex::encode(random::bytes::<32>()?);
    let now = app.now();
    let link = OneTimeLink {
        id: LinkId(0),
        kind: new.kind,
        user: new.user,
        state: new.state,
        created: now,
        expires: now.plus(new.good_for),
    };
    tx.insert_link(&link, &hash(&text)).await?;
    Ok(Secret::new(text))
}

/// The link of that text, unless it has ended.
pub(super) async fn find(
    app: &App,
    tx: &Tx,
    kind: LinkKind,
    text: &str,
) -> Result<OneTimeLink, AppError> {
    let found = tx.find_link(kind, &hash(text)).await?;
    let good = found.filter(|link| link.expires > app.now());
    good.ok_or(AppError::LinkEnded)
}

/// Uses a link up. Of several who try at once, one comes through.
pub(super) async fn take(tx: &Tx, link: &OneTimeLink) -> Result<(), AppError> {
    if tx.use_link(link.id).await? {
        Ok(())
    } else {
        Err(AppError::LinkEnded)
    }
}

/// Lets somebody try a link, or says how long to wait. It counts as a failure until
/// [`was_good`].
pub(super) fn admit(app: &App, origin: &Origin) -> Result<(), AppError> {
    let admitted = app
        .throttle()
        .begin(Attempt::Link, origin.address, app.now());
    admitted.map_err(|after| AppError::SlowDown { after })
}

/// The link that somebody tried was one.
pub(super) fn was_good(app: &App, origin: &Origin) {
    app.throttle().succeeded(Attempt::Link, origin.address);
}

/// Removes what has ended, in small batches.
pub(super) async fn prune(app: &App) -> Result<(), AppError> {
    loop {
        let tx = app.store().write_tx().await?;
        let removed = tx.delete_ended_links(app.now(), BATCH).await?;
        tx.commit().await?;
        if removed < BATCH {
            return Ok(());
        }
    }
}

/// A SHA-256 of what a link is bound to.
pub(super) fn state_of(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}
