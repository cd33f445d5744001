//! By what a list is sorted, and which way.

use sea_orm::sea_query::{
    CaseStatement, Expr, ExprTrait as _, Func, Query, SelectStatement, SimpleExpr,
};
use sea_orm::{ColumnTrait, EntityTrait, IntoSimpleExpr as _, Order};

use super::Slice;
use super::entity::{
    exporter, farm, host, member, project, role, rule, sender, service, url, user_group, users,
};

/// Something that a list can be sorted by. What comes out equal is sorted by identity.
pub trait SortKey: Copy + Default + PartialEq + 'static {
    /// All of them, with their names in an address. The default is among them.
    const NAMED: &'static [(&'static str, Self)];

    /// Whether the last comes first where nobody asked for an order.
    const LAST_FIRST: bool = false;
}

/// By what a list is sorted, and which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort<K> {
    /// By what.
    pub key: K,
    /// Whether the last comes first.
    pub descending: bool,
}

impl<K: SortKey> Default for Sort<K> {
    fn default() -> Self {
        Self {
            key: K::default(),
            descending: K::LAST_FIRST,
        }
    }
}

impl<K: SortKey> Sort<K> {
    /// Reads `name`, or `-name` for the other way round; `None` for what is no key of the list.
    pub fn parse(text: &str) -> Option<Self> {
        let (descending, name) = match text.strip_prefix('-') {
            Some(name) => (true, name),
            None => (false, text),
        };
        let (_, key) = K::NAMED.iter().find(|(known, _)| *known == name)?;
        Some(Self {
            key: *key,
            descending,
        })
    }

    /// The name of its key.
    pub fn name(&self) -> &'static str {
        let own = K::NAMED.iter().find(|(_, key)| *key == self.key);
        own.map_or("", |(name, _)| name)
    }

    pub(super) fn order(&self) -> Order {
        if self.descending {
            Order::Desc
        } else {
            Order::Asc
        }
    }
}

/// A part of a list that is sorted in some order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<K> {
    /// By what the list is sorted, and which way.
    pub sort: Sort<K>,
    /// The part that is wanted.
    pub slice: Slice,
}

impl<K: SortKey> From<Slice> for Part<K> {
    /// In the order of the list.
    fn from(slice: Slice) -> Self {
        Self {
            sort: Sort::default(),
            slice,
        }
    }
}

/// An enum of keys, with the names that they have in an address. The first is the default, with
/// the last first or not.
macro_rules! keys {
    ($(#[$doc:meta])* $name:ident($last_first:literal) { $(#[$first_doc:meta])* $first:ident = $first_name:literal, $($(#[$key_doc:meta])* $key:ident = $key_name:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub enum $name {
            $(#[$first_doc])*
            #[default]
            $first,
            $($(#[$key_doc])* $key,)*
        }

        impl SortKey for $name {
            const NAMED: &'static [(&'static str, Self)] =
                &[($first_name, Self::$first), $(($key_name, Self::$key),)*];
            const LAST_FIRST: bool = $last_first;
        }
    };
}

keys! {
    /// What lists whose entries have but a name are sorted by.
    NameKey(false) {
        /// The name.
        Name = "name",
    }
}

keys! {
    /// What services are sorted by.
    ServiceKey(false) {
        /// The name.
        Name = "name",
        /// User name of the owner; those without one first.
        Owner = "owner",
        /// How many projects it has.
        Projects = "projects",
        /// How many rules of its own it has.
        Rules = "rules",
        /// How many senders of its own it has.
        Senders = "notifiers",
    }
}

keys! {
    /// What farms are sorted by.
    FarmKey(false) {
        /// The name.
        Name = "name",
        /// The source.
        Source = "source",
        /// How many hosts it has.
        Hosts = "hosts",
    }
}

keys! {
    /// What URLs are sorted by.
    UrlKey(false) {
        /// The names of service and project, then the URL.
        Project = "project",
        /// The URL.
        Url = "url",
        /// The module of the probe.
        Probe = "probe",
    }
}

keys! {
    /// What groups are sorted by.
    GroupKey(false) {
        /// The name.
        Name = "name",
        /// How many members it has.
        Members = "members",
    }
}

keys! {
    /// What shards are sorted by.
    ShardKey(true) {
        /// How many projects are on it.
        Projects = "projects",
        /// The name.
        Name = "name",
    }
}

keys! {
    /// What accounts are sorted by.
    AccountKey(false) {
        /// The user name.
        Username = "username",
        /// The family name, then the given one.
        Name = "name",
        /// The address.
        Email = "email",
        /// The last login; those who never did first.
        LastLogin = "login",
    }
}

keys! {
    /// What tokens are sorted by.
    TokenKey(true) {
        /// When it was made.
        Created = "created",
        /// User name of whose it is.
        User = "user",
        /// When it was used last; those never used first.
        Used = "used",
        /// When it ends; those without an end first.
        Expires = "expires",
    }
}

keys! {
    /// What senders are sorted by.
    SenderKey(false) {
        /// What is shown of the value.
        Shown = "shown",
        /// Key of the driver.
        Driver = "driver",
        /// Kind and id of what they belong to.
        Owner = "owner",
        /// Whether they are enabled.
        Enabled = "enabled",
        /// How many deliveries failed for good.
        Failures = "failures",
    }
}

keys! {
    /// What the exporters of all projects are sorted by.
    EveryExporterKey(false) {
        /// The job.
        Job = "job",
        /// The port.
        Port = "port",
        /// The path.
        Path = "path",
        /// The names of service and project.
        Project = "project",
        /// How many exporters have the same job, port and path.
        Uses = "uses",
        /// Whether they are enabled.
        Enabled = "enabled",
    }
}

keys! {
    /// What rules are sorted by.
    RuleKey(false) {
        /// What they belong to: the site, services, projects; then the name.
        Owner = "owner",
        /// The name.
        Name = "name",
        /// How many rules override it.
        Overrides = "overrides",
        /// Identity of the rule that it overrides: those that override the same stand together,
        /// those that override none come first.
        Parent = "parent",
        /// Whether it is enabled.
        Enabled = "enabled",
    }
}

keys! {
    /// What roles are sorted by.
    GrantKey(false) {
        /// Name of what they are on.
        Object = "object",
        /// Name of whose they are.
        Holder = "holder",
        /// The role.
        Role = "role",
    }
}

keys! {
    /// What projects are sorted by.
    ProjectKey(false) {
        /// The name of what the list groups them by, then their own.
        Place = "place",
        /// The name.
        Name = "name",
        /// User name of the owner; those without one first.
        Owner = "owner",
        /// The name of the farm; those without one first.
        Farm = "farm",
        /// How many hosts its farm has.
        Hosts = "hosts",
        /// How many exporters it has.
        Exporters = "exporters",
        /// How many URLs are probed for it.
        Urls = "urls",
        /// How many senders of its own it has.
        Senders = "notifiers",
    }
}

keys! {
    /// What users with a role are sorted by.
    MemberKey(false) {
        /// The user name.
        Username = "username",
        /// The address.
        Email = "email",
        /// The role, the greatest first.
        Role = "role",
    }
}

keys! {
    /// What groups with a role are sorted by.
    HolderKey(false) {
        /// The name.
        Name = "name",
        /// The role, the greatest first.
        Role = "role",
    }
}

keys! {
    /// What the objects that somebody has roles on are sorted by.
    ResourceKey(false) {
        /// The kind, services first; then the identity.
        Kind = "kind",
        /// The name.
        Name = "name",
        /// The role, the greatest first.
        Role = "role",
    }
}

keys! {
    /// What exporters and presets are sorted by.
    ExporterKey(false) {
        /// The job, then the port.
        Job = "job",
        /// The port.
        Port = "port",
        /// The path.
        Path = "path",
    }
}

keys! {
    /// What histories are sorted by. They grow without end, so that nothing else is cheap.
    WhenKey(true) {
        /// When it happened.
        Created = "created",
    }
}

/// How many rows of another table belong to a row.
fn counted<E: EntityTrait>(table: E, belongs: SimpleExpr) -> SimpleExpr {
    let count = Query::select()
        .expr(Expr::cust("COUNT(*)"))
        .from(table)
        .and_where(belongs)
        .to_owned();
    alone(count)
}

/// The one value that a query answers.
pub(super) fn alone(select: SelectStatement) -> SimpleExpr {
    Expr::SubQuery(None, Box::new(select.into()))
}

/// The user name of whom a column names; nothing where it names nobody.
pub(super) fn username<C: ColumnTrait>(column: C) -> SimpleExpr {
    let (name, id) = (users::Column::Username, users::Column::Id);
    or_first(looked_up(users::Entity, name, id, column), "")
}

/// The name of the farm that a column names; nothing where it names none.
pub(super) fn farm_name<C: ColumnTrait>(column: C) -> SimpleExpr {
    let (name, id) = (farm::Column::Name, farm::Column::Id);
    or_first(looked_up(farm::Entity, name, id, column), "")
}

/// The name of whose a role is, of a user or of a group.
pub(super) fn holder_name() -> SimpleExpr {
    let (name, id) = (users::Column::Username, users::Column::Id);
    let user = looked_up(users::Entity, name, id, role::Column::User);
    let (name, id) = (user_group::Column::Name, user_group::Column::Id);
    let group = looked_up(user_group::Entity, name, id, role::Column::UserGroup);
    or_first(Func::coalesce([user, group]).into(), "")
}

/// The name of what a role is on.
pub(super) fn object_name() -> SimpleExpr {
    let on = role::Column::ObjectId;
    let (name, id) = (service::Column::Name, service::Column::Id);
    let service = looked_up(service::Entity, name, id, on);
    let (name, id) = (project::Column::Name, project::Column::Id);
    let project = looked_up(project::Entity, name, id, on);
    let named = CaseStatement::new()
        .case(role::Column::ObjectType.eq("service"), service)
        .finally(project);
    or_first(named.into(), "")
}

/// What the row of another table holds whose id a column holds.
fn looked_up<E: EntityTrait, C: ColumnTrait>(
    table: E,
    value: E::Column,
    id: E::Column,
    of: C,
) -> SimpleExpr {
    let found = Query::select()
        .expr(value.into_simple_expr())
        .from(table)
        .and_where(same(id, of))
        .to_owned();
    alone(found)
}

/// A value, or the least one in its place: the databases do not agree on where nothing belongs.
pub(super) fn or_first(value: SimpleExpr, least: impl Into<sea_orm::Value>) -> SimpleExpr {
    Func::coalesce([value, Expr::val(least)]).into()
}

/// Whether two columns hold the same.
pub(super) fn same<A: ColumnTrait, B: ColumnTrait>(a: A, b: B) -> SimpleExpr {
    a.into_simple_expr().equals(b.as_column_ref())
}

pub(super) fn projects_of<C: ColumnTrait>(service: C) -> SimpleExpr {
    counted(project::Entity, same(project::Column::Service, service))
}

pub(super) fn rules_of<C: ColumnTrait>(kind: &str, owner: C) -> SimpleExpr {
    let own = same(rule::Column::OwnerId, owner);
    counted(rule::Entity, own.and(rule::Column::OwnerType.eq(kind)))
}

pub(super) fn senders_of<C: ColumnTrait>(kind: &str, owner: C) -> SimpleExpr {
    let own = same(sender::Column::OwnerId, owner);
    counted(sender::Entity, own.and(sender::Column::OwnerType.eq(kind)))
}

pub(super) fn hosts_of<C: ColumnTrait>(farm: C) -> SimpleExpr {
    counted(host::Entity, same(host::Column::Farm, farm))
}

pub(super) fn members_of<C: ColumnTrait>(group: C) -> SimpleExpr {
    counted(member::Entity, same(member::Column::UserGroup, group))
}

pub(super) fn exporters_of<C: ColumnTrait>(project: C) -> SimpleExpr {
    counted(exporter::Entity, same(exporter::Column::Project, project))
}

pub(super) fn urls_of<C: ColumnTrait>(project: C) -> SimpleExpr {
    counted(url::Entity, same(url::Column::Project, project))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sort_is_a_key_of_the_list_and_a_way() {
        let by = |key, descending| Some(Sort { key, descending });
        assert_eq!(Sort::parse("hosts"), by(FarmKey::Hosts, false));
        assert_eq!(Sort::parse("-source"), by(FarmKey::Source, true));
        for unknown in ["", "-", "--name", "Name", "owner", "id; DROP"] {
            assert_eq!(Sort::<FarmKey>::parse(unknown), None, "{unknown}");
        }
        let default = Sort::<FarmKey>::default();
        assert_eq!((default.name(), default.descending), ("name", false));
        assert!(Sort::<TokenKey>::default().descending);
    }
}
