//! Roles for the owners of objects of before there were roles.

use sea_orm::sea_query::{Condition, Expr, ExprTrait, InsertStatement, Query, UpdateStatement};

/// A kind of object with owners: its table, which is also what the table `role` calls it.
#[derive(Debug, Clone, Copy)]
pub(super) struct OwnerRoles(pub(super) &'static str);

impl OwnerRoles {
    /// Makes lesser roles of owners the greatest one.
    pub(super) fn raise(self) -> UpdateStatement {
        let kind = self.0;
        let owns = Query::select()
            .expr(Expr::val(1))
            .from(kind)
            .and_where(Expr::col((kind, "id")).equals(("role", "object_id")))
            .and_where(Expr::col((kind, "owner")).equals(("role", "user")))
            .to_owned();
        Query::update()
            .table("role")
            .value("role", "admin")
            .and_where(Expr::col(("role", "object_type")).eq(kind))
            .and_where(Expr::col(("role", "role")).ne("admin"))
            .and_where(Expr::exists(owns))
            .to_owned()
    }

    /// Gives a role to owners who have none. A join tells who has: `MySQL` does not let a subquery look
    /// into the table that rows go into.
    #[expect(
        clippy::expect_used,
        reason = "as many columns are selected as are named"
    )]
    pub(super) fn give(self) -> InsertStatement {
        let kind = self.0;
        let theirs = Condition::all()
            .add(Expr::col(("role", "object_type")).eq(kind))
            .add(Expr::col(("role", "object_id")).equals((kind, "id")))
            .add(Expr::col(("role", "user")).equals((kind, "owner")));
        let lacking = Query::select()
            .expr(Expr::val(kind))
            .column((kind, "id"))
            .column((kind, "owner"))
            .expr(Expr::val("admin"))
            .from(kind)
            .left_join("role", theirs)
            .and_where(Expr::col((kind, "owner")).is_not_null())
            .and_where(Expr::col(("role", "id")).is_null())
            .to_owned();
        let mut insert = Query::insert();
        insert
            .into_table("role")
            .columns(["object_type", "object_id", "user", "role"])
            .select_from(lacking)
            .expect("four columns are selected for four");
        insert
    }
}
