//! Finding things by a part of their names, whatever its case.

use sea_orm::sea_query::{ExprTrait as _, Func, LikeExpr, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait as _, DbBackend, EntityTrait, Order, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::entity::{farm, host, project, rule, service, user_group};
use super::rows::Stored;
use super::{Listed, Slice, StoreError, Tx, Visible, page};
use crate::model::{Farm, Group, GroupId, Project, Rule, Service};

/// Most names of hosts that are looked for: whoever finds more has to ask for less. So a search
/// goes through the hosts once.
pub const MOST_HOSTS: u64 = 1000;

impl Tx {
    /// Groups whose name holds one of some texts, by name: of these, or of all.
    ///
    /// # Errors
    /// What the database says.
    pub async fn search_groups(
        &self,
        only: Option<&[GroupId]>,
        texts: &[String],
        slice: Slice,
    ) -> Result<Listed<Group>, StoreError> {
        let own = only.map(|ids| user_group::Column::Id.is_in(ids.iter().copied()));
        let visible = Condition::all().add_option(own);
        self.by_name(visible, user_group::Column::Name, texts, slice)
            .await
    }

    /// Visible services whose name holds one of some texts, by name.
    ///
    /// # Errors
    /// What the database says.
    pub async fn search_services(
        &self,
        visible: &Visible,
        texts: &[String],
        slice: Slice,
    ) -> Result<Listed<Service>, StoreError> {
        self.by_name(visible.services(), service::Column::Name, texts, slice)
            .await
    }

    /// Visible projects whose name holds one of some texts, by name.
    ///
    /// # Errors
    /// What the database says.
    pub async fn search_projects(
        &self,
        visible: &Visible,
        texts: &[String],
        slice: Slice,
    ) -> Result<Listed<Project>, StoreError> {
        self.by_name(visible.projects(), project::Column::Name, texts, slice)
            .await
    }

    /// Visible farms whose name holds one of some texts, by name.
    ///
    /// # Errors
    /// What the database says.
    pub async fn search_farms(
        &self,
        visible: &Visible,
        texts: &[String],
        slice: Slice,
    ) -> Result<Listed<Farm>, StoreError> {
        self.by_name(visible.farms(), farm::Column::Name, texts, slice)
            .await
    }

    /// Visible rules whose name or clause holds one of some texts, by owner and name.
    ///
    /// # Errors
    /// What the database says.
    pub async fn search_rules(
        &self,
        visible: &Visible,
        texts: &[String],
        slice: Slice,
    ) -> Result<Listed<Rule>, StoreError> {
        let mut holds = Condition::any();
        for text in texts {
            holds = holds
                .add(self.holds(rule::Column::Name, text))
                .add(self.holds(rule::Column::Clause, text));
        }
        // The kinds of owners happen to sort backwards.
        let order = [
            (rule::Column::OwnerType, Order::Desc),
            (rule::Column::OwnerId, Order::Asc),
            (rule::Column::Name, Order::Asc),
        ];
        let condition = Condition::all().add(visible.rules()).add(holds);
        page::page(self, condition, &order, slice).await
    }

    /// Names of visible hosts that hold one of some texts, each once, sorted; at most
    /// [`MOST_HOSTS`] of them.
    ///
    /// # Errors
    /// What the database says.
    pub async fn search_hosts(
        &self,
        visible: &Visible,
        texts: &[String],
    ) -> Result<Vec<String>, StoreError> {
        let mut holds = Condition::any();
        for text in texts {
            holds = holds.add(self.holds(host::Column::Name, text));
        }
        Ok(host::Entity::find()
            .select_only()
            .column(host::Column::Name)
            .filter(visible.hosts().add(holds))
            .distinct()
            .order_by_asc(host::Column::Name)
            .limit(MOST_HOSTS)
            .into_tuple()
            .all(self.connection())
            .await?)
    }

    async fn by_name<T: Stored>(
        &self,
        visible: Condition,
        name: <T::Table as EntityTrait>::Column,
        texts: &[String],
        slice: Slice,
    ) -> Result<Listed<T>, StoreError>
    where
        <T::Table as EntityTrait>::Model: Sync,
    {
        let mut holds = Condition::any();
        for text in texts {
            holds = holds.add(self.holds(name, text));
        }
        let condition = Condition::all().add(visible).add(holds);
        page::page(self, condition, &[(name, Order::Asc)], slice).await
    }

    /// Whether a column holds a text, whatever its case. What the database takes for the two cases
    /// of a letter decides: `SQLite` knows ASCII only, and its `LIKE` is thrice as fast as lowering.
    fn holds<C: ColumnTrait>(&self, column: C, text: &str) -> SimpleExpr {
        let mut pattern = String::from("%");
        for letter in text.chars() {
            if matches!(letter, '%' | '_' | ESCAPE) {
                pattern.push(ESCAPE);
            }
            pattern.push(letter);
        }
        pattern.push('%');
        if self.connection().get_database_backend() == DbBackend::Sqlite {
            return column.like(LikeExpr::new(pattern).escape(ESCAPE));
        }
        let lowered = Func::lower(column.into_expr());
        let pattern = pattern.to_lowercase();
        SimpleExpr::from(lowered).like(LikeExpr::new(pattern).escape(ESCAPE))
    }
}

/// Not a backslash: what that means within a literal depends on the database.
const ESCAPE: char = '!';
