//! Every page of the sample, as everybody sees it: taken once for all tests that only read it.

use promgen_tests::sample::{ROOT, Sample};
use tokio::sync::OnceCell;

use super::crawl::{Crawl, Page};
use super::{stranger, visitor};

/// Who looks: the superuser, an editor, a viewer, somebody without a role, and a stranger.
pub(super) const LOOKERS: [&str; 5] = [ROOT, "edith", "vera", "noel", STRANGER];

/// Nobody who is known.
const STRANGER: &str = "a stranger";

/// What all of them found; `None` where the sample cannot run.
pub(super) async fn everything() -> Option<&'static [Crawl]> {
    static FOUND: OnceCell<Option<Vec<Crawl>>> = OnceCell::const_new();
    let found = FOUND.get_or_init(async || {
        let sample = Sample::start(SETTINGS).await?;
        sample.alarm().await;
        sample.until_scraped().await;
        let mut found = Vec::new();
        for who in LOOKERS {
            found.push(crawl(&sample.web.url, who).await);
        }
        Some(found)
    });
    found.await.as_deref()
}

/// Without a role one sees nothing.
pub(super) const SETTINGS: &str = "permissions: {default_role: none}\n";

/// What somebody finds.
pub(super) async fn crawl(site: &str, who: &'static str) -> Crawl {
    let mut visitor = match who {
        STRANGER => stranger(site),
        known => visitor(site, known).await,
    };
    Crawl::of(&mut visitor, who).await
}

/// All pages.
pub(super) fn pages(all: &[Crawl]) -> impl Iterator<Item = &Page> {
    all.iter().flat_map(|crawl| &crawl.pages)
}
