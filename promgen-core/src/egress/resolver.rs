//! Name resolution that lets only checked addresses through.

use std::io;
use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::{Class, Guard};

/// Refuses a whole name when any of its addresses is out of bounds: a name that points both outside
/// and inside is not to be trusted by chance.
#[derive(Debug, Clone)]
pub(super) struct GuardedResolver {
    pub(super) guard: Guard,
    /// For which destinations.
    pub(super) class: Class,
    pub(super) names: Names,
}

/// Who knows the addresses of names.
#[derive(Debug, Clone)]
pub(super) enum Names {
    /// The system.
    System,
    /// A test.
    #[cfg(test)]
    Told(std::sync::Arc<super::tests::Told>),
}

impl Names {
    async fn addresses(&self, name: &str) -> io::Result<Vec<SocketAddr>> {
        match self {
            Self::System => Ok(tokio::net::lookup_host((name, 0)).await?.collect()),
            #[cfg(test)]
            Self::Told(told) => told.addresses(name),
        }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let Self {
            guard,
            class,
            names,
        } = self.clone();
        Box::pin(async move {
            let addresses = names.addresses(name.as_str()).await?;
            for address in &addresses {
                guard.allows(class, address.ip())?;
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
