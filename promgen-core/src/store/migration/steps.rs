//! Every step there ever was, in order.
//!
//! Lengths are those of spec 01 §2, in characters. Every column that refers to another table is
//! the first one of an index, or else deleting what it refers to would read the whole table.

use super::ddl::Kind::{BigId, BigInt, Bool, Chars, Id, Int, Key, LongText, Text};
use super::ddl::{
    Cell, Column, Columns, Index, Migration, Rows, Step, Table, column, index, unique,
};
use super::owners::OwnerRoles;

/// Longest name of a shard, service, project, farm, host, rule, job or label.
const NAME: u32 = 128;
/// Longest destination of a sender. With owner and driver it has to fit into a key of `InnoDB`,
/// which ends at 3072 bytes, four for a character.
const VALUE: u32 = 512;
/// Longest name of a kind, state or type.
const WORD: u32 = 16;
/// Longest text of a duration.
const DURATION: u32 = 128;
/// A SHA-256 in hexadecimal digits.
const HASH: u32 = 64;
/// Longest token of a lease.
const LEASE: u32 = 64;

const GROUP_INTERVAL: Column = column("group_interval", Chars(DURATION)).nullable();
const GROUP_LIMIT: Column = column("group_limit", BigInt).nullable();
const GROUP_QUERY_OFFSET: Column = column("group_query_offset", Chars(DURATION)).nullable();

/// All steps in the order of their application.
pub(super) const ALL: &[Migration] = &[
    table(
        "0001_site",
        "site",
        &[
            column("id", Key),
            column("domain", Chars(100)),
            column("name", Chars(50)),
            GROUP_INTERVAL,
            GROUP_LIMIT,
            GROUP_QUERY_OFFSET,
        ],
        &[],
    ),
    rows(
        "0002_site_row",
        "site",
        &["id", "domain", "name"],
        &[&[
            Cell::Number(1),
            Cell::Text("example.com"),
            Cell::Text("Promgen"),
        ]],
    ),
    table(
        "0003_revision",
        "revision",
        &[column("id", Key), column("value", BigInt)],
        &[],
    ),
    rows(
        "0004_revision_row",
        "revision",
        &["id", "value"],
        &[&[Cell::Number(1), Cell::Long(1)]],
    ),
    table(
        "0005_users",
        "users",
        &[
            column("id", Id),
            column("username", Chars(150)),
            column("email", Chars(254)),
            column("superuser", Bool),
            column("active", Bool),
            column("password", Chars(255)).nullable(),
            column("created", BigInt),
        ],
        &[unique(&["username"])],
    ),
    table(
        "0006_token",
        "token",
        &[
            column("id", Id),
            column("user", Int).references("users"),
            column("scopes", Chars(64)),
            column("prefix", Chars(32)),
            column("hash", Chars(HASH)),
            column("created", BigInt),
            column("expires", BigInt).nullable(),
            column("last_used", BigInt).nullable(),
            column("revoked", BigInt).nullable(),
        ],
        &[unique(&["hash"]), index(&["user"])],
    ),
    table(
        "0007_shard",
        "shard",
        &[
            column("id", Id),
            column("name", Chars(NAME)),
            column("url", Chars(256)),
            column("proxy", Bool),
            column("enabled", Bool),
            column("authorization", Text).nullable(),
            column("samples", BigInt),
            column("targets", BigInt),
        ],
        &[unique(&["name"])],
    ),
    table(
        "0008_prometheus",
        "prometheus",
        &[
            column("id", Id),
            column("shard", Int).references("shard"),
            column("host", Chars(NAME)),
            column("port", Int),
        ],
        &[unique(&["host", "port"]), index(&["shard"])],
    ),
    table(
        "0009_server_state",
        "server_state",
        &[
            column("server", Key).references("prometheus"),
            column("applied_revision", BigInt).nullable(),
            column("applied_at", BigInt).nullable(),
            column("seen_at", BigInt).nullable(),
            column("pulled_at", BigInt).nullable(),
            column("failed_revision", BigInt).nullable(),
            column("error", Text).nullable(),
            column("failed_at", BigInt).nullable(),
        ],
        &[],
    ),
    table(
        "0010_service",
        "service",
        &[
            column("id", Id),
            column("name", Chars(NAME)),
            column("description", Text),
            column("owner", Int).nullable().references("users"),
            GROUP_INTERVAL,
            GROUP_LIMIT,
            GROUP_QUERY_OFFSET,
        ],
        &[unique(&["name"]), index(&["owner"])],
    ),
    table(
        "0011_farm",
        "farm",
        &[
            column("id", Id),
            column("name", Chars(NAME)),
            column("source", Chars(NAME)),
        ],
        // Not unique: local farms may share a name.
        &[index(&["name", "source"])],
    ),
    table(
        "0012_project",
        "project",
        &[
            column("id", Id),
            column("name", Chars(NAME)),
            column("description", Text),
            column("owner", Int).nullable().references("users"),
            column("service", Int).references("service"),
            column("shard", Int).references("shard"),
            column("farm", Int).nullable().references("farm"),
            GROUP_INTERVAL,
            GROUP_LIMIT,
            GROUP_QUERY_OFFSET,
        ],
        &[
            unique(&["name"]),
            index(&["owner"]),
            index(&["service"]),
            index(&["shard"]),
            index(&["farm"]),
        ],
    ),
    table(
        "0013_host",
        "host",
        &[
            column("id", Id),
            column("name", Chars(NAME)),
            column("farm", Int).references("farm"),
        ],
        &[unique(&["farm", "name"]), index(&["name"])],
    ),
    table(
        "0014_default_exporter",
        "default_exporter",
        &[
            column("id", Id),
            column("job", Chars(NAME)),
            column("port", Int),
            column("path", Chars(NAME)),
            column("scheme", Chars(WORD)),
        ],
        &[unique(&["job", "port", "path", "scheme"])],
    ),
    rows(
        "0015_default_exporter_rows",
        "default_exporter",
        &["job", "port", "path", "scheme"],
        &[
            &[
                Cell::Text("node"),
                Cell::Number(9100),
                Cell::Text(""),
                Cell::Text("http"),
            ],
            &[
                Cell::Text("nginx"),
                Cell::Number(9113),
                Cell::Text(""),
                Cell::Text("http"),
            ],
            &[
                Cell::Text("mysqld"),
                Cell::Number(9104),
                Cell::Text(""),
                Cell::Text("http"),
            ],
            &[
                Cell::Text("apache"),
                Cell::Number(9117),
                Cell::Text(""),
                Cell::Text("http"),
            ],
        ],
    ),
    table(
        "0016_exporter",
        "exporter",
        &[
            column("id", Id),
            column("job", Chars(NAME)),
            column("port", Int),
            column("path", Chars(NAME)),
            column("scheme", Chars(WORD)),
            column("project", Int).references("project"),
            column("enabled", Bool),
        ],
        &[unique(&["project", "job", "port", "path", "scheme"])],
    ),
    table(
        "0017_probe",
        "probe",
        &[
            column("id", Id),
            column("module", Chars(NAME)),
            column("description", Text),
        ],
        &[unique(&["module"])],
    ),
    table(
        "0018_url",
        "url",
        &[
            column("id", Id),
            column("url", Chars(256)),
            column("project", Int).references("project"),
            column("probe", Int).references("probe"),
        ],
        &[unique(&["project", "probe", "url"]), index(&["probe"])],
    ),
    table(
        "0019_rule",
        "rule",
        &[
            column("id", Id),
            column("name", Chars(NAME)),
            column("kind", Chars(WORD)),
            column("clause", Text),
            column("duration", Chars(DURATION)),
            column("keep_firing_for", Chars(DURATION)).nullable(),
            column("enabled", Bool),
            column("parent", Int).nullable().references("rule"),
            column("owner_type", Chars(WORD)),
            column("owner_id", Int),
            column("description", Text),
            column("labels", Text),
            column("annotations", Text),
        ],
        &[
            unique(&["name"]),
            index(&["parent"]),
            index(&["owner_type", "owner_id"]),
        ],
    ),
    table(
        "0020_sender",
        "sender",
        &[
            column("id", Id),
            column("driver", Chars(NAME)),
            column("value", Chars(VALUE)),
            column("alias", Chars(NAME)),
            column("owner_type", Chars(WORD)),
            column("owner_id", Int),
            column("added_by", Int).nullable().references("users"),
            column("enabled", Bool),
            column("secret", Text).nullable(),
        ],
        &[
            unique(&["owner_type", "owner_id", "driver", "value"]),
            index(&["added_by"]),
        ],
    ),
    table(
        "0021_filter",
        "filter",
        &[
            column("id", Id),
            column("sender", Int).references("sender"),
            column("name", Chars(NAME)),
            column("value", Chars(NAME)),
        ],
        &[unique(&["sender", "name", "value"])],
    ),
    table(
        "0022_audit",
        "audit",
        &[
            column("id", BigId),
            column("created", BigInt),
            column("actor", Chars(255)),
            column("user", Int).nullable().references("users"),
            column("body", Text),
            column("kind", Chars(WORD)),
            column("object", BigInt),
            column("parent_kind", Chars(WORD)).nullable(),
            column("parent_object", BigInt).nullable(),
            column("before_json", LongText),
            column("after_json", LongText),
        ],
        &[
            index(&["kind", "object"]),
            index(&["parent_kind", "parent_object"]),
            index(&["user"]),
        ],
    ),
    table(
        "0023_alert",
        "alert",
        // The two long texts come last: whoever reads only a state does not walk over them.
        &[
            column("id", BigId),
            column("created", BigInt),
            column("state", Chars(WORD)),
            column("lease_token", Chars(LEASE)).nullable(),
            column("lease_until", BigInt),
            column("trace", LongText),
            column("body", LongText),
        ],
        // A claim walks it in the order of the ids and stops at its limit. With the lease between
        // the two, it would have to sort, and so to lock, all that waits.
        &[index(&["state", "id"])],
    ),
    table(
        "0024_alert_label",
        "alert_label",
        &[
            column("id", BigId),
            column("alert", BigInt).references("alert"),
            column("name", Chars(NAME)),
            column("value", Chars(255)),
            column("hash", Chars(HASH)).nullable(),
        ],
        &[index(&["alert"]), index(&["name", "value"])],
    ),
    table(
        "0025_delivery",
        "delivery",
        &[
            column("id", BigId),
            column("alert", BigInt).references("alert"),
            column("part", Int),
            column("sender", Int).nullable().references("sender"),
            column("driver", Chars(NAME)),
            column("value", Chars(VALUE)),
            column("alias", Chars(NAME)),
            column("group_key", Text),
            column("order_key", Chars(HASH)),
            column("state", Chars(WORD)),
            column("attempts", Int),
            column("due", BigInt),
            column("created", BigInt),
            column("finished", BigInt).nullable(),
            column("lease_token", Chars(LEASE)).nullable(),
            column("lease_until", BigInt),
        ],
        &[
            index(&["state", "due", "id"]),
            index(&["order_key", "state", "alert"]),
            index(&["alert", "state"]),
            index(&["sender"]),
        ],
    ),
    table(
        "0026_attempt",
        "attempt",
        &[
            column("id", BigId),
            column("delivery", BigInt).references("delivery"),
            column("number", Int),
            column("started", BigInt),
            column("took_ms", BigInt),
            column("outcome", Chars(WORD)),
            column("message", Text),
        ],
        &[index(&["delivery"])],
    ),
    columns(
        "0027_users_names",
        "users",
        &[
            column("first_name", Chars(150)).nullable(),
            column("last_name", Chars(150)).nullable(),
        ],
    ),
    table(
        "0028_user_group",
        "user_group",
        &[column("id", Id), column("name", Chars(150))],
        &[unique(&["name"])],
    ),
    table(
        "0029_member",
        "member",
        &[
            column("id", Id),
            column("user_group", Int).references("user_group"),
            column("user", Int).references("users"),
            column("role", Chars(WORD)),
        ],
        &[unique(&["user_group", "user"]), index(&["user"])],
    ),
    table(
        "0030_role",
        "role",
        &[
            column("id", Id),
            column("object_type", Chars(WORD)),
            column("object_id", Int),
            column("user", Int).nullable().goes_with("users"),
            column("user_group", Int).nullable().goes_with("user_group"),
            column("role", Chars(WORD)),
        ],
        &[
            unique(&["user", "object_type", "object_id"]),
            unique(&["user_group", "object_type", "object_id"]),
            index(&["object_type", "object_id"]),
        ],
    ),
    table(
        "0041_session",
        "session",
        &[
            column("id", BigId),
            column("user", Int).references("users"),
            column("hash", Chars(HASH)),
            column("backend", Chars(NAME)),
            column("created", BigInt),
            column("last_seen", BigInt),
            column("expires", BigInt),
            column("address", Chars(64)),
            column("agent", Chars(255)),
        ],
        &[
            unique(&["hash"]),
            index(&["user"]),
            index(&["expires"]),
            index(&["last_seen"]),
        ],
    ),
    table(
        "0042_identity",
        "identity",
        &[
            column("id", Id),
            column("user", Int).references("users"),
            column("backend", Chars(NAME)),
            column("issuer", Chars(255)),
            column("subject", Chars(255)),
            column("created", BigInt),
            column("last_login", BigInt),
        ],
        &[unique(&["issuer", "subject"]), index(&["user"])],
    ),
    table(
        "0043_claimed_member",
        "claimed_member",
        &[
            column("id", Id),
            column("identity", Int).references("identity"),
            column("user_group", Int).references("user_group"),
        ],
        &[unique(&["identity", "user_group"]), index(&["user_group"])],
    ),
    table(
        "0045_metric_sample",
        "metric_sample",
        &[
            column("id", BigId),
            column("metric", Chars(64)),
            column("hostname", Chars(NAME)),
            column("labels", Chars(400)),
            column("part", Chars(32)),
            column("value", BigInt),
            column("updated", BigInt),
        ],
        &[unique(&["metric", "hostname", "labels", "part"])],
    ),
    table(
        "0046_worker",
        "worker",
        &[
            column("id", BigId),
            column("hostname", Chars(NAME)),
            column("process", BigInt),
            column("alerts", Bool),
            column("servers", Text),
            column("started", BigInt),
            column("seen", BigInt),
        ],
        &[unique(&["hostname", "process"])],
    ),
    // Pages of the audit log come newest first; of a kind that is rare, without walking over all.
    added_index("0050_audit_kind", "audit", index(&["kind", "id"])),
    added_index(
        "0051_audit_parent_kind",
        "audit",
        index(&["parent_kind", "id"]),
    ),
    // Rules are listed by site, service, project, and then by owner and name; which of them are
    // enabled is seen without looking at the rows.
    added_index(
        "0052_rule_order",
        "rule",
        index(&["owner_type", "owner_id", "name", "id", "enabled"]).descending("owner_type"),
    ),
    columns(
        "0053_users_profile",
        "users",
        &[
            column("timezone", Chars(64)).nullable(),
            column("language", Chars(WORD)).nullable(),
            column("guide_hidden", Bool).nullable(),
        ],
    ),
    table(
        "0054_one_time_link",
        "one_time_link",
        &[
            column("id", BigId),
            column("kind", Chars(WORD)),
            column("user", Int).references("users").nullable(),
            column("hash", Chars(HASH)),
            column("state", Chars(HASH)).nullable(),
            column("created", BigInt),
            column("expires", BigInt),
        ],
        &[unique(&["hash"]), index(&["user"]), index(&["expires"])],
    ),
    // What somebody is subscribed to is found without looking at everybody's senders.
    added_index("0055_sender_value", "sender", index(&["driver", "value"])),
    // The newest alerts with a label are found by walking it backwards, and it alone tells which.
    added_index(
        "0063_alert_label_found",
        "alert_label",
        index(&["name", "value", "alert"]),
    ),
    dropped_index(
        "0063_alert_label_value",
        "alert_label",
        index(&["name", "value"]),
    ),
    table(
        "0064_alert_hour",
        "alert_hour",
        &[
            column("id", BigId),
            column("hour", BigInt),
            column("service", Chars(NAME)),
            column("project", Chars(NAME)),
            column("firing", BigInt),
            column("resolved", BigInt),
        ],
        &[
            unique(&["hour", "service", "project"]),
            index(&["service", "hour"]),
            index(&["project", "hour"]),
        ],
    ),
    table(
        "0065_delivery_hour",
        "delivery_hour",
        &[
            column("id", BigId),
            column("hour", BigInt),
            column("driver", Chars(NAME)),
            column("sender", Int),
            column("sent", BigInt),
            column("dead", BigInt),
        ],
        &[
            unique(&["hour", "sender", "driver"]),
            index(&["sender", "hour"]),
        ],
    ),
    // Owners of before there were roles are admins as well.
    owner_roles("0066_service_owner_role", "service"),
    owner_roles("0067_project_owner_role", "project"),
    columns(
        "0068_user_last_login",
        "users",
        &[column("last_login", BigInt).nullable()],
    ),
    table(
        "0069_server_task",
        "server_task",
        &[
            column("id", BigId),
            column("server", Int).references("prometheus"),
            column("kind", Chars(WORD)),
            column("asked_by", Text),
            column("asked_at", BigInt),
            column("done_at", BigInt).nullable(),
            column("error", Text).nullable(),
        ],
        &[unique(&["server", "kind"])],
    ),
    // What somebody did is found by their name when they are gone.
    columns(
        "0070_audit_username",
        "audit",
        &[column("username", Chars(150)).nullable()],
    ),
    Migration {
        name: "0071_audit_usernames",
        step: Step::Usernames,
    },
    added_index(
        "0072_audit_username_index",
        "audit",
        index(&["username", "id"]),
    ),
    // Keys are hashes, so that each entry lies somewhere else: an index on all deliveries that were ever
    // made costs each new one a page of its own. What has ended is found by its alert.
    Migration {
        name: "0075_delivery_pending",
        step: Step::Narrow {
            table: "delivery",
            all: index(&["order_key", "state", "alert"]),
            some: index(&["order_key", "alert"]).only("state", "pending"),
        },
    },
    columns(
        "0076_delivery_source",
        "delivery",
        &[column("source", Chars(HASH)).nullable()],
    ),
    table(
        "0077_server_comparison",
        "server_comparison",
        &[
            column("id", BigId),
            column("server", Int).references("prometheus"),
            column("found", LongText),
        ],
        &[unique(&["server"])],
    ),
];

const fn owner_roles(name: &'static str, kind: &'static str) -> Migration {
    Migration {
        name,
        step: Step::OwnerRoles(OwnerRoles(kind)),
    }
}

const fn table(
    name: &'static str,
    table: &'static str,
    columns: &'static [Column],
    indexes: &'static [Index],
) -> Migration {
    Migration {
        name,
        step: Step::Table(Table {
            name: table,
            columns,
            indexes,
        }),
    }
}

const fn rows(
    name: &'static str,
    table: &'static str,
    columns: &'static [&'static str],
    values: &'static [&'static [Cell]],
) -> Migration {
    Migration {
        name,
        step: Step::Rows(Rows {
            table,
            columns,
            values,
        }),
    }
}

const fn columns(name: &'static str, table: &'static str, columns: &'static [Column]) -> Migration {
    Migration {
        name,
        step: Step::Columns(Columns { table, columns }),
    }
}

const fn added_index(name: &'static str, table: &'static str, index: Index) -> Migration {
    Migration {
        name,
        step: Step::Index(table, index),
    }
}

const fn dropped_index(name: &'static str, table: &'static str, index: Index) -> Migration {
    Migration {
        name,
        step: Step::Unindex(table, index),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables() -> impl Iterator<Item = &'static Table> {
        ALL.iter().filter_map(|migration| match &migration.step {
            Step::Table(table) => Some(table),
            Step::Rows(_)
            | Step::Columns(_)
            | Step::Index(..)
            | Step::Unindex(..)
            | Step::Narrow { .. }
            | Step::OwnerRoles(_)
            | Step::Usernames => None,
        })
    }

    #[test]
    fn names_are_unique_and_in_order() {
        assert!(ALL.is_sorted_by(|a, b| a.name < b.name));
    }

    #[test]
    fn every_reference_can_be_followed_backwards_by_an_index() {
        for table in tables() {
            for column in table
                .columns
                .iter()
                .filter(|column| column.is_plain_reference())
            {
                let leads = |index: &Index| index.columns.first() == Some(&column.name);
                assert!(
                    table.indexes.iter().any(leads),
                    "{}.{}",
                    table.name,
                    column.name
                );
            }
        }
    }

    #[test]
    fn the_data_model_page_names_every_table_and_column() {
        let page = include_str!("../../../../docs/DATA-MODEL.md");
        for (name, columns) in ALL.iter().filter_map(|migration| match &migration.step {
            Step::Table(table) => Some((table.name, table.columns)),
            Step::Columns(added) => Some((added.table, added.columns)),
            Step::Rows(_)
            | Step::Index(..)
            | Step::Unindex(..)
            | Step::Narrow { .. }
            | Step::OwnerRoles(_)
            | Step::Usernames => None,
        }) {
            let heading = format!("### `{name}`");
            let section = page
                .split(&heading)
                .nth(1)
                .unwrap_or_else(|| panic!("{heading}"));
            let section = section.split("\n### ").next().unwrap();
            for column in columns {
                let cell = format!("| `{}` |", column.name);
                assert!(section.contains(&cell), "{name}: {cell}");
            }
        }
    }
}
