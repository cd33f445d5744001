//! The whole tree in one picture: one query per table, whatever its size.

use sea_orm::{ColumnTrait as _, Condition};

use super::entity::{project, service};
use super::rows;
use super::{StoreError, Tx};
use crate::model::{Project, Service, Tree};

impl Tx {
    /// Everything that people keep in Promgen, with the revision of this picture.
    ///
    /// In a [`read_tx`](super::Store::read_tx) it is one snapshot. In a transaction that writes it
    /// is one only after [`bump_revision`](Tx::bump_revision), which makes other writers wait.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] for a row that Promgen did not write, or what the database says.
    pub async fn load_tree(&self) -> Result<Tree, StoreError> {
        let mut tree = self.load_outline().await?;
        tree.hosts = self.list_hosts().await?;
        tree.urls = self.list_urls().await?;
        tree.senders = self.list_senders().await?;
        Ok(tree)
    }

    /// As [`Tx::load_tree`], but hosts, URLs and senders are left empty: enough for names, owners
    /// and overrides, and small however many machines there are.
    ///
    /// # Errors
    /// As for [`Tx::load_tree`].
    pub async fn load_outline(&self) -> Result<Tree, StoreError> {
        Ok(Tree {
            revision: self.revision().await?,
            site: self.load_site().await?,
            shards: rows::list(self).await?,
            servers: rows::list(self).await?,
            services: rows::list(self).await?,
            projects: rows::list(self).await?,
            farms: rows::list(self).await?,
            hosts: Vec::new(),
            exporters: rows::list(self).await?,
            presets: rows::list(self).await?,
            probes: rows::list(self).await?,
            urls: Vec::new(),
            rules: rows::list(self).await?,
            senders: Vec::new(),
            users: self.list_users().await?,
        })
    }

    /// As [`Tx::load_tree`], but only what the rules file is made of: site, services, projects and
    /// rules. Everything else is left empty.
    ///
    /// # Errors
    /// As for [`Tx::load_tree`].
    pub async fn load_ruled(&self) -> Result<Tree, StoreError> {
        Ok(Tree {
            revision: self.revision().await?,
            services: rows::list(self).await?,
            projects: rows::list(self).await?,
            rules: rows::list(self).await?,
            ..Tree::empty(self.load_site().await?)
        })
    }

    /// As [`Tx::load_tree`], but only what the targets file is made of: shards, services, projects,
    /// farms, hosts and exporters. Everything else is left empty.
    ///
    /// # Errors
    /// As for [`Tx::load_tree`].
    pub async fn load_scraped(&self) -> Result<Tree, StoreError> {
        Ok(Tree {
            revision: self.revision().await?,
            shards: rows::list(self).await?,
            services: rows::list(self).await?,
            projects: rows::list(self).await?,
            farms: rows::list(self).await?,
            hosts: self.list_hosts().await?,
            exporters: rows::list(self).await?,
            ..Tree::empty(self.load_site().await?)
        })
    }

    /// As [`Tx::load_tree`], but only what the URLs file is made of: shards, services, projects,
    /// probes and URLs. Everything else is left empty.
    ///
    /// # Errors
    /// As for [`Tx::load_tree`].
    pub async fn load_probed(&self) -> Result<Tree, StoreError> {
        Ok(Tree {
            revision: self.revision().await?,
            shards: rows::list(self).await?,
            services: rows::list(self).await?,
            projects: rows::list(self).await?,
            probes: rows::list(self).await?,
            urls: self.list_urls().await?,
            ..Tree::empty(self.load_site().await?)
        })
    }

    /// The services and the projects, each sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_owners(&self) -> Result<(Vec<Service>, Vec<Project>), StoreError> {
        Ok((rows::list(self).await?, rows::list(self).await?))
    }

    /// The services and the projects of these names. Names that nothing has are passed over, and names
    /// that nothing can have: PostgreSQL refuses to be asked about a NUL.
    ///
    /// # Errors
    /// What the database says.
    pub async fn owners_named(
        &self,
        services: &[String],
        projects: &[String],
    ) -> Result<(Vec<Service>, Vec<Project>), StoreError> {
        let (mut found, mut below) = (Vec::new(), Vec::new());
        let storable = |names: &[String]| -> Vec<String> {
            let names = names.iter().filter(|name| !name.contains('\0'));
            names.cloned().collect()
        };
        for names in services.chunks(rows::CHUNK_ROWS) {
            let named = Condition::all().add(service::Column::Name.is_in(storable(names)));
            found.extend(rows::list_where::<Service>(self, named).await?);
        }
        for names in projects.chunks(rows::CHUNK_ROWS) {
            let named = Condition::all().add(project::Column::Name.is_in(storable(names)));
            below.extend(rows::list_where::<Project>(self, named).await?);
        }
        Ok((found, below))
    }

    /// As [`Tx::load_tree`], but only what routing looks at: site, services, projects, senders and
    /// users. Everything else is left empty.
    ///
    /// # Errors
    /// As for [`Tx::load_tree`].
    pub async fn load_recipients(&self) -> Result<Tree, StoreError> {
        Ok(Tree {
            revision: self.revision().await?,
            services: rows::list(self).await?,
            projects: rows::list(self).await?,
            senders: self.list_senders().await?,
            users: self.list_users().await?,
            ..Tree::empty(self.load_site().await?)
        })
    }
}
