//! Login names of who did what, for entries of before they were kept on their own.

use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, SimpleExpr, UpdateStatement};

/// Most characters of a login name.
const MOST_CHARS: i32 = 150;

/// Where the name begins in `user:NAME`, counted from 1.
const OF_A_USER: i32 = 6;

/// Where it begins in `token:PREFIX:NAME`, whose prefix has eleven characters.
const OF_A_TOKEN: i32 = 19;

/// Reads the names out of the actors of entries that have none.
pub(super) fn fill() -> [UpdateStatement; 2] {
    let of_a_token = Expr::col("actor")
        .like("token:%")
        .and(Expr::expr(cut(OF_A_TOKEN - 1, 1)).eq(":"));
    [
        named(OF_A_USER, Expr::col("actor").like("user:%")),
        named(OF_A_TOKEN, of_a_token),
    ]
}

fn named(from: i32, which: SimpleExpr) -> UpdateStatement {
    Query::update()
        .table("audit")
        .value("username", cut(from, MOST_CHARS))
        .and_where(Expr::col("username").is_null())
        .and_where(which)
        .to_owned()
}

fn cut(from: i32, chars: i32) -> SimpleExpr {
    let cut = Func::cust("SUBSTR");
    cut.arg(Expr::col("actor")).arg(from).arg(chars).into()
}
