//! Tables as data, and their statements in each dialect.

use sea_orm::DbBackend;
use sea_orm::sea_query::{
    Alias, ColumnDef, ConditionalStatement as _, Expr, ExprTrait as _, ForeignKey,
    ForeignKeyAction, Index as SqlIndex, IndexCreateStatement, IndexDropStatement, IndexOrder,
    InsertStatement, Query, Table as SqlTable, TableAlterStatement, TableCreateStatement, Value,
};

use super::owners::OwnerRoles;

/// One named change of the schema.
#[derive(Debug)]
pub(super) struct Migration {
    /// What is recorded once it is applied. Names sort in the order of application.
    pub(super) name: &'static str,
    pub(super) step: Step,
}

/// What a migration does. Applying it twice does no more than applying it once.
#[derive(Debug)]
pub(super) enum Step {
    /// A table with its indexes.
    Table(Table),
    /// The first rows of a table, unless it has any.
    Rows(Rows),
    /// Further columns of a table that is there. They are nullable and without indexes, so that
    /// rows need not be touched.
    Columns(Columns),
    /// One more index of a table that is there.
    Index(&'static str, Index),
    /// An index that another one does the work of.
    Unindex(&'static str, Index),
    /// An index on those rows alone that it is for, in place of one on all of them. `MariaDB` and
    /// `MySQL` have no such indexes, and keep the one on all rows.
    Narrow {
        table: &'static str,
        all: Index,
        some: Index,
    },
    /// The role admin for the owners of a kind of object, where they lack it.
    OwnerRoles(OwnerRoles),
    /// The login names in the audit log, where they are missing.
    Usernames,
}

#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: &'static [Column],
    pub(super) indexes: &'static [Index],
}

#[derive(Debug)]
pub(super) struct Columns {
    pub(super) table: &'static str,
    pub(super) columns: &'static [Column],
}

#[derive(Debug)]
pub(super) struct Rows {
    pub(super) table: &'static str,
    pub(super) columns: &'static [&'static str],
    pub(super) values: &'static [&'static [Cell]],
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Cell {
    Number(i32),
    Long(i64),
    Text(&'static str),
}

#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: &'static str,
    kind: Kind,
    nullable: bool,
    reference: Option<Reference>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The key: 32 bits, given by the database.
    Id,
    /// The key of what grows without end: 64 bits, given by the database.
    BigId,
    /// A key that is given by whoever writes the row.
    Key,
    /// A key that is a name.
    NameKey,
    Int,
    /// Also points in time, in milliseconds.
    BigInt,
    Bool,
    /// A text of at most so many characters.
    Chars(u32),
    /// A text of at most 16 MiB.
    Text,
    /// A text of any length.
    LongText,
}

#[derive(Debug, Clone, Copy)]
struct Reference {
    table: &'static str,
    on_delete: OnDelete,
}

/// What becomes of a row when the one that it refers to is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OnDelete {
    /// It is deleted as well.
    Cascade,
    /// It stays and refers to nothing.
    SetNull,
}

#[derive(Debug)]
pub(super) struct Index {
    pub(super) columns: &'static [&'static str],
    unique: bool,
    /// The column that goes backwards.
    descending: Option<&'static str>,
    /// A column and the word in it of those rows that the index has; without, it has all rows.
    only: Option<(&'static str, &'static str)>,
}

/// A column that is never null.
pub(super) const fn column(name: &'static str, kind: Kind) -> Column {
    Column {
        name,
        kind,
        nullable: false,
        reference: None,
    }
}

impl Column {
    pub(super) const fn nullable(self) -> Self {
        Self {
            nullable: true,
            ..self
        }
    }

    /// Whether it refers to another table and is not itself the key.
    #[cfg(test)]
    pub(super) fn is_plain_reference(&self) -> bool {
        self.reference.is_some() && self.kind != Kind::Key
    }

    /// Refers to the column `id` of a table; a nullable column forgets, another one goes along.
    pub(super) const fn references(self, table: &'static str) -> Self {
        let on_delete = if self.nullable {
            OnDelete::SetNull
        } else {
            OnDelete::Cascade
        };
        Self {
            reference: Some(Reference { table, on_delete }),
            ..self
        }
    }

    /// Refers to the column `id` of a table and goes along with it, although it may be empty: of
    /// several such columns one is set.
    pub(super) const fn goes_with(self, table: &'static str) -> Self {
        Self {
            reference: Some(Reference {
                table,
                on_delete: OnDelete::Cascade,
            }),
            ..self
        }
    }
}

pub(super) const fn unique(columns: &'static [&'static str]) -> Index {
    Index {
        columns,
        unique: true,
        descending: None,
        only: None,
    }
}

pub(super) const fn index(columns: &'static [&'static str]) -> Index {
    Index {
        columns,
        unique: false,
        descending: None,
        only: None,
    }
}

/// A database's way of writing definitions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dialect {
    pub(super) backend: DbBackend,
    /// The collation that compares byte by byte, trailing blanks included. `MariaDB` and `MySQL`
    /// call it by different names; the others do so anyway.
    pub(super) collation: Option<&'static str>,
}

impl Dialect {
    pub(super) fn create_table(self, table: &Table) -> TableCreateStatement {
        let mut create = SqlTable::create();
        create.table(table.name).if_not_exists();
        for column in table.columns {
            create.col(self.column_def(column));
            if let Some(reference) = column.reference {
                create.foreign_key(
                    ForeignKey::create()
                        .name(format!("fk_{}_{}", table.name, column.name))
                        .from(table.name, column.name)
                        .to(reference.table, "id")
                        .on_delete(match reference.on_delete {
                            OnDelete::Cascade => ForeignKeyAction::Cascade,
                            OnDelete::SetNull => ForeignKeyAction::SetNull,
                        }),
                );
            }
        }
        if let Some(collation) = self.collation {
            create
                .engine("InnoDB")
                .character_set("utf8mb4")
                .collate(collation);
        }
        create
    }

    fn column_def(self, column: &Column) -> ColumnDef {
        let mut def = ColumnDef::new(column.name);
        let mysql = self.backend == DbBackend::MySql;
        match column.kind {
            Kind::Id => def.integer().auto_increment().primary_key(),
            Kind::BigId => def.big_integer().auto_increment().primary_key(),
            Kind::Key => def.integer().primary_key(),
            Kind::NameKey => def.string_len(128).primary_key(),
            Kind::Int => def.integer(),
            Kind::BigInt => def.big_integer(),
            Kind::Bool => def.boolean(),
            Kind::Chars(count) => def.string_len(count),
            // TEXT of MySQL ends at 64 KiB; that of the others does not.
            Kind::Text if mysql => def.custom(Alias::new("MEDIUMTEXT")),
            Kind::LongText if mysql => def.custom(Alias::new("LONGTEXT")),
            Kind::Text | Kind::LongText => def.text(),
        };
        if column.nullable {
            def.null();
        } else {
            def.not_null();
        }
        def
    }

    pub(super) fn add_column(self, table: &str, column: &Column) -> TableAlterStatement {
        let mut alter = SqlTable::alter();
        alter
            .table(Alias::new(table))
            .add_column(self.column_def(column));
        alter
    }

    pub(super) fn create_index(self, table: &str, index: &Index) -> IndexCreateStatement {
        let mut create = SqlIndex::create();
        create.name(index.name(table)).table(Alias::new(table));
        for column in index.columns {
            if index.descending == Some(*column) {
                create.col((*column, IndexOrder::Desc));
            } else {
                create.col(*column);
            }
        }
        if index.unique {
            create.unique();
        }
        if let Some((column, word)) = index.only {
            create.and_where(Expr::col(column).eq(word));
        }
        if self.backend != DbBackend::MySql {
            create.if_not_exists();
        }
        create
    }

    pub(super) fn drop_index(self, table: &str, index: &Index) -> IndexDropStatement {
        let mut drop = SqlIndex::drop();
        drop.name(index.name(table)).table(Alias::new(table));
        if self.backend != DbBackend::MySql {
            drop.if_exists();
        }
        drop
    }
}

impl Index {
    /// Has one of its columns go backwards, for a list that is sorted so.
    pub(super) const fn descending(self, column: &'static str) -> Self {
        Self {
            descending: Some(column),
            ..self
        }
    }

    /// Has those rows alone whose column holds the word.
    pub(super) const fn only(self, column: &'static str, word: &'static str) -> Self {
        Self {
            only: Some((column, word)),
            ..self
        }
    }

    /// The index's name, made of what it is on.
    pub(super) fn name(&self, table: &str) -> String {
        let prefix = if self.unique { "ux" } else { "ix" };
        let word = self.only.map(|(_, word)| format!("_{word}"));
        let columns = self.columns.join("_");
        format!("{prefix}_{table}_{columns}{}", word.unwrap_or_default())
    }
}

impl Rows {
    pub(super) fn insert(&self) -> InsertStatement {
        let mut insert = Query::insert();
        insert
            .into_table(self.table)
            .columns(self.columns.iter().copied());
        for row in self.values {
            let values = row.iter().map(|cell| Value::from(*cell).into());
            insert.values_panic(values);
        }
        insert
    }
}

impl From<Cell> for Value {
    fn from(cell: Cell) -> Self {
        match cell {
            Cell::Number(number) => number.into(),
            Cell::Long(number) => number.into(),
            Cell::Text(text) => text.into(),
        }
    }
}
