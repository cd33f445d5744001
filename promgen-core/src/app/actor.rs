//! Who asks, and what they may do with the installation as a whole.
//!
//! What roles on services, projects and groups add is told in [`policy`](super::policy).

use super::AppError;
use crate::config::Settings;
use crate::model::{Scope, Token, User};

/// On whose behalf a use case runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Nobody known.
    Anonymous,
    /// Somebody who logged in.
    User(User),
    /// A token, with the rights of its user as far as its scopes go.
    Token {
        /// The token.
        token: Token,
        /// Its user.
        user: User,
    },
    /// Whoever runs the command line: all rights.
    Operator {
        /// The operating system's user.
        name: String,
    },
    /// Promgen itself: workers and schedules.
    System,
}

/// What a use case needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Read targets, rules and URLs.
    ReadExports,
    /// Hand in alerts.
    PostAlerts,
    /// Query metrics over the shards.
    Query,
    /// See what concerns nobody in particular: the site, shards, probes, the names of users, and
    /// oneself.
    Look,
    /// Make services and groups, and change what is one's own.
    TakePart,
    /// See everything: the tree, servers, all alerts, deliveries and decisions.
    Read,
    /// Read the metrics of Promgen itself: whoever may see everything.
    ReadMetrics,
    /// Change the tree, and send deliveries again.
    Change,
    /// Make users and tokens; see secrets.
    Administer,
}

impl Actor {
    /// The person at the command line, by the operating system's user name.
    pub fn operator(name: impl Into<String>) -> Self {
        Self::Operator { name: name.into() }
    }

    /// How the audit log names them.
    pub fn label(&self) -> String {
        match self {
            Self::Anonymous => "anonymous".to_owned(),
            Self::User(user) => format!("user:{}", user.username),
            Self::Token { token, user } => format!("token:{}:{}", token.prefix, user.username),
            Self::Operator { name } => format!("cli:{name}"),
            Self::System => "system".to_owned(),
        }
    }

    /// The user behind them, where there is one.
    pub fn user(&self) -> Option<&User> {
        match self {
            Self::User(user) | Self::Token { user, .. } => Some(user),
            Self::Anonymous | Self::Operator { .. } | Self::System => None,
        }
    }

    /// Refuses what this actor may not do.
    ///
    /// Whoever is logged in may look and take part; to read everything, `permissions.default_role`
    /// must let them see objects without a role. What a token may do is what its user may do, cut
    /// to its scopes; handing in alerts needs nothing but the scope `alerts`.
    ///
    /// # Errors
    /// [`AppError::Unauthenticated`] when logging in could help, else [`AppError::Forbidden`].
    pub fn require(&self, right: Right, settings: &Settings) -> Result<(), AppError> {
        let open = match right {
            Right::ReadExports => settings.exports.anonymous,
            Right::PostAlerts => settings.alerts.anonymous,
            Right::Query => settings.proxy.anonymous,
            Right::ReadMetrics => settings.metrics.anonymous,
            Right::Look | Right::TakePart | Right::Read | Right::Change | Right::Administer => {
                false
            }
        };
        if open {
            return Ok(());
        }
        match self {
            Self::Operator { .. } | Self::System => Ok(()),
            Self::Anonymous => Err(AppError::Unauthenticated),
            Self::User(user) => user_may(user, right, settings),
            Self::Token { token, user } => {
                let scope = scope_of(right);
                if !token.scopes.contains(&scope) {
                    return Err(AppError::Forbidden {
                        need: format!("a token with scope {scope}"),
                    });
                }
                if right == Right::PostAlerts {
                    Ok(())
                } else {
                    user_may(user, right, settings)
                }
            }
        }
    }
}

fn scope_of(right: Right) -> Scope {
    match right {
        Right::ReadExports | Right::Query | Right::Look | Right::Read | Right::ReadMetrics => {
            Scope::Read
        }
        Right::PostAlerts => Scope::Alerts,
        Right::TakePart | Right::Change | Right::Administer => Scope::Write,
    }
}

fn user_may(user: &User, right: Right, settings: &Settings) -> Result<(), AppError> {
    let everybody = match right {
        Right::ReadExports | Right::Query | Right::Look | Right::TakePart => true,
        Right::Read | Right::ReadMetrics => settings.permissions.default_role.is_some(),
        Right::PostAlerts | Right::Change | Right::Administer => false,
    };
    if user.active && (user.superuser || everybody) {
        Ok(())
    } else {
        Err(AppError::Forbidden {
            need: "a superuser".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Role, Timestamp, TokenId, UserId};

    const RIGHTS: [Right; 9] = [
        Right::ReadExports,
        Right::PostAlerts,
        Right::Query,
        Right::Look,
        Right::TakePart,
        Right::Read,
        Right::ReadMetrics,
        Right::Change,
        Right::Administer,
    ];

    fn user(superuser: bool) -> User {
        User {
            id: UserId(1),
            username: "maria".to_owned(),
            email: String::new(),
            first_name: String::new(),
            last_name: String::new(),
            superuser,
            active: true,
            created: Timestamp(0),
            timezone: None,
            language: None,
        }
    }

    fn token(scope: Scope, superuser: bool) -> Actor {
        let token = Token {
            id: TokenId(1),
            user: UserId(1),
            scopes: vec![scope],
            prefix: "abc".to_owned(),
            created: Timestamp(0),
            expires: None,
            last_used: None,
            revoked: None,
        };
        Actor::Token {
            token,
            user: user(superuser),
        }
    }

    fn allowed(actor: &Actor) -> Vec<Right> {
        allowed_by(actor, Some(Role::Viewer))
    }

    fn allowed_by(actor: &Actor, default_role: Option<Role>) -> Vec<Right> {
        let mut settings = Settings::default();
        settings.exports.anonymous = false;
        settings.permissions.default_role = default_role;
        RIGHTS
            .into_iter()
            .filter(|right| actor.require(*right, &settings).is_ok())
            .collect()
    }

    #[test]
    fn the_table_of_rights_is_as_written() {
        assert_eq!(allowed(&Actor::System), RIGHTS);
        assert_eq!(allowed(&Actor::operator("root")), RIGHTS);
        assert_eq!(allowed(&Actor::Anonymous), []);
        assert_eq!(allowed(&Actor::User(user(true))), RIGHTS);
        assert_eq!(
            allowed(&Actor::User(user(false))),
            [
                Right::ReadExports,
                Right::Query,
                Right::Look,
                Right::TakePart,
                Right::Read,
                Right::ReadMetrics
            ]
        );
        assert_eq!(
            allowed_by(&Actor::User(user(false)), None),
            [
                Right::ReadExports,
                Right::Query,
                Right::Look,
                Right::TakePart
            ]
        );
        assert_eq!(allowed(&token(Scope::Alerts, false)), [Right::PostAlerts]);
        assert_eq!(
            allowed(&token(Scope::Read, false)),
            [
                Right::ReadExports,
                Right::Query,
                Right::Look,
                Right::Read,
                Right::ReadMetrics
            ]
        );
        assert_eq!(allowed(&token(Scope::Write, false)), [Right::TakePart]);
        assert_eq!(
            allowed(&token(Scope::Write, true)),
            [Right::TakePart, Right::Change, Right::Administer]
        );
    }

    #[test]
    fn exports_are_open_and_intake_is_closed_by_default() {
        let settings = Settings::default();
        assert!(
            Actor::Anonymous
                .require(Right::ReadExports, &settings)
                .is_ok()
        );
        let refused = Actor::Anonymous.require(Right::PostAlerts, &settings);
        assert!(matches!(refused, Err(AppError::Unauthenticated)));
    }
}
