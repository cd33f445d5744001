//! Tokens in a table: one's own, those of a user, or those of everybody.

use std::time::Duration;

use askama::Template;
use promgen_core::model::{Timestamp, Token};
use url::form_urlencoded::byte_serialize;

use crate::ui::parts::{Badge, Headings, Moment, Tone};
use crate::ui::text::Texts;

/// For how long a token that has ended is still shown: whoever wonders why a program is refused
/// finds it, and nobody reads past the tokens of years.
pub(crate) const KEPT: Duration = Duration::from_hours(24 * 30);

/// The table.
#[derive(Template)]
#[template(path = "profile/token_table.html")]
pub(crate) struct TokenTable {
    t: Texts,
    rows: Vec<Row>,
    /// Whether it says whose they are.
    named: bool,
    /// Where it can be sorted by the server.
    headings: Option<Headings>,
}

impl askama::filters::HtmlSafe for TokenTable {}

struct Row {
    token: Token,
    username: String,
    scopes: String,
    state: Badge,
    created: Moment,
    expires: Option<Moment>,
    used: Option<Moment>,
    /// Where it is revoked, as long as it is good.
    revoke: Option<String>,
}

impl TokenTable {
    /// The tokens of whoever looks.
    pub(super) fn own(tokens: Vec<Token>, now: Timestamp, t: &Texts) -> Self {
        let revoke = |token: &Token| format!("/profile/token/{}/revoke", token.id);
        let row = |token| Row::new(token, String::new(), revoke, now, t);
        Self {
            t: t.clone(),
            rows: recent(tokens, now).into_iter().map(row).collect(),
            named: false,
            headings: None,
        }
    }

    /// The tokens of one user, to whoever administers them on the page `here`.
    pub(crate) fn of_user(
        tokens: Vec<Token>,
        username: &str,
        here: &str,
        now: Timestamp,
        t: &Texts,
    ) -> Self {
        let tokens = recent(tokens, now).into_iter();
        let named = tokens.map(|token| (token, username.to_owned()));
        Self::of_users(named.collect(), here, now, t)
    }

    /// Tokens with the names of their users, to whoever administers them on the page `here`.
    pub(crate) fn of_users(
        tokens: Vec<(Token, String)>,
        here: &str,
        now: Timestamp,
        t: &Texts,
    ) -> Self {
        let next: String = byte_serialize(here.as_bytes()).collect();
        let revoke = |token: &Token| format!("/admin/token/{}/delete?next={next}", token.id);
        let row = |(token, username)| Row::new(token, username, revoke, now, t);
        Self {
            t: t.clone(),
            rows: tokens.into_iter().map(row).collect(),
            named: true,
            headings: None,
        }
    }

    /// With headings that sort it, where it is one page of a longer list.
    pub(crate) fn sorted(self, headings: Headings) -> Self {
        Self {
            headings: Some(headings),
            ..self
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl Row {
    fn new(
        token: Token,
        username: String,
        revoke: impl Fn(&Token) -> String,
        now: Timestamp,
        t: &Texts,
    ) -> Self {
        let ended = token.ended(now);
        let (tone, word) = match (ended, token.revoked) {
            (None, _) => (Tone::Good, "profile-token-active"),
            (Some(_), Some(_)) => (Tone::Plain, "profile-token-revoked"),
            (Some(_), None) => (Tone::Plain, "profile-token-expired"),
        };
        let moment = |at: Option<Timestamp>| at.map(|at| Moment::new(at, t));
        let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.as_str()).collect();
        Self {
            username,
            scopes: scopes.join(", "),
            state: Badge::new(tone, t.say(word)),
            created: Moment::new(token.created, t),
            expires: moment(token.expires),
            used: moment(token.last_used),
            revoke: ended.is_none().then(|| revoke(&token)),
            token,
        }
    }
}

/// Tokens without those that ended long ago: the good ones first, and the newest first of each.
fn recent(mut tokens: Vec<Token>, now: Timestamp) -> Vec<Token> {
    tokens.retain(|token| token.ended(now).is_none_or(|at| now.since(at) < KEPT));
    tokens.reverse();
    tokens.sort_by_key(|token| token.ended(now).is_some());
    tokens
}

#[cfg(test)]
mod tests {
    use promgen_core::model::{Scope, TokenId, UserId};

    use super::*;

    #[test]
    fn what_ended_long_ago_is_left_out_and_what_is_good_comes_first() {
        let now = Timestamp(1_700_000_000_000);
        let token = |id: i32, revoked: Option<Timestamp>, expires: Option<Timestamp>| Token {
            id: TokenId(id),
            user: UserId(1),
            scopes: vec![Scope::Read],
            prefix: "pg_0123456".to_owned(),
            created: Timestamp(0),
            expires,
            last_used: None,
            revoked,
        };
        let days = |days: u64| Some(now.minus(Duration::from_hours(24 * days)));
        let all = vec![
            token(1, None, None),
            token(2, days(1), None),
            token(3, None, days(30)),
            token(4, days(31), None),
            token(5, None, days(29)),
            token(6, None, Some(now.plus(KEPT))),
        ];
        let left: Vec<i32> = recent(all, now).iter().map(|one| one.id.0).collect();
        assert_eq!(left, [6, 1, 5, 2]);
    }
}
