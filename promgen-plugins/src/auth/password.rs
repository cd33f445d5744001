//! Passwords that Promgen itself keeps. The use cases check them, for no driver sees the database.

use promgen_core::plugin::{AuthBackend, AuthDescription};
use promgen_core::register_auth;

static PASSWORD: AuthDescription = AuthDescription {
    key: "password",
    label: "Password",
    help: "User name and password, kept by Promgen as an Argon2id hash.",
    section: "promgen.auth.password",
    build: |_| Ok(AuthBackend::Local),
};

register_auth!(PASSWORD);
