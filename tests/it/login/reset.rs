//! A password that was forgotten, by mail.

use std::time::Duration;

use promgen_core::app::login::Origin;
use promgen_core::app::{Actor, AppError, reset, users};
use promgen_core::model::{Secret, User};
use promgen_tests::smtp::{Mail, Smtp, Tls};
use regex::Regex;
use tempfile::TempDir;

use super::World;
use super::browser::{form_token, location};
use super::world::PASSWORD;

const OTHER: &str = "staple battery";

/// A server that sends mails, and where they arrive.
struct Post {
    world: World,
    smtp: Smtp,
}

impl Post {
    async fn start() -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let smtp = Smtp::start(folder.path(), Tls::StartTls).await?;
        let settings = format!(
            "django: {{EMAIL_HOST: 127.0.0.1, EMAIL_PORT: {}, EMAIL_USE_TLS: true, \
             EMAIL_CA_FILE: {}, DEFAULT_FROM_EMAIL: promgen@example.com}}\n",
            smtp.port,
            smtp.ca_file.display()
        );
        let world = World::in_folder(folder, &settings).await;
        Some(Self { world, smtp })
    }

    async fn user(&self, username: &str, email: &str) -> User {
        let user = User {
            email: email.to_owned(),
            ..self.world.user(username, Some(PASSWORD)).await
        };
        let tx = self.world.app.store().write_tx().await.unwrap();
        tx.update_user(&user).await.unwrap();
        tx.commit().await.unwrap();
        user
    }

    fn ask(&self, email: &str) -> Result<(), AppError> {
        reset::ask(&self.world.app, email, &Origin::default())
    }

    /// The secret part of the link that was mailed to somebody.
    async fn link(&self, to: &str) -> String {
        secret(&self.smtp.first(to, "A new password").await)
    }

    async fn finish(&self, text: &str, password: &str) -> Result<User, AppError> {
        let password = Secret::new(password.to_owned());
        reset::finish(&self.world.app, text, password, &Origin::default()).await
    }

    async fn is_good(&self, text: &str) -> bool {
        reset::check(&self.world.app, text, &Origin::default())
            .await
            .is_ok()
    }
}

fn secret(mail: &Mail) -> String {
    let link = Regex::new("http://example.com/password_reset/([0-9a-f]{64})/").unwrap();
    link.captures(&mail.body)
        .unwrap_or_else(|| panic!("{}", mail.body))[1]
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_in_the_mail_sets_another_password_once() {
    let Some(post) = Post::start().await else {
        return;
    };
    let maria = post.user("maria", "Maria@example.com").await;
    let mut browser = post.world.browser();
    browser.log_in("maria", PASSWORD).await;
    post.ask(" maria@EXAMPLE.com ").unwrap();
    let text = post.link("Maria@example.com").await;
    let weak = post.finish(&text, "maria").await;
    assert!(matches!(weak, Err(AppError::Invalid { .. })), "{weak:?}");
    assert_eq!(post.finish(&text, OTHER).await.unwrap().id, maria.id);
    assert!(!browser.is_in().await, "sessions end");
    assert_eq!(browser.log_in("maria", PASSWORD).await.status, 422);
    assert_eq!(browser.log_in("maria", OTHER).await.status, 303);
    let again = post.finish(&text, PASSWORD).await;
    assert!(matches!(again, Err(AppError::LinkEnded)), "{again:?}");
    post.world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_ends_by_time_and_with_the_password_that_it_was_made_for() {
    let Some(post) = Post::start().await else {
        return;
    };
    post.user("maria", "maria@example.com").await;
    post.user("mario", "mario@example.com").await;
    post.ask("maria@example.com").unwrap();
    post.ask("mario@example.com").unwrap();
    let (hers, his) = (
        post.link("maria@example.com").await,
        post.link("mario@example.com").await,
    );
    assert!(post.is_good(&hers).await && post.is_good(&his).await);
    let operator = Actor::operator("test");
    let other = Secret::new(OTHER.to_owned());
    users::change_password(&post.world.app, &operator, "maria", other)
        .await
        .unwrap();
    assert!(!post.is_good(&hers).await);
    post.world.pass(Duration::from_hours(1));
    assert!(!post.is_good(&his).await);
    for wrong in ["", "x", &"0".repeat(64)] {
        assert!(!post.is_good(wrong).await, "{wrong}");
    }
    post.world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_shut_out_gets_no_link() {
    let Some(post) = Post::start().await else {
        return;
    };
    post.user("maria", "maria@example.com").await;
    post.ask("maria@example.com").unwrap();
    let text = post.link("maria@example.com").await;
    let operator = Actor::operator("test");
    users::set_active(&post.world.app, &operator, "maria", false)
        .await
        .unwrap();
    assert!(!post.is_good(&text).await);
    for nobody in [
        "maria@example.com",
        "other@example.com",
        "",
        "x",
        "%@example.com",
    ] {
        assert!(post.ask(nobody).is_ok(), "the same answer: {nobody}");
    }
    // Whatever was to be sent is sent when the program has ended.
    let folder = post.world.finish().await;
    assert_eq!(post.smtp.mails().len(), 1);
    drop(folder);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_again_and_again_has_to_wait() {
    let Some(post) = Post::start().await else {
        return;
    };
    for _ in 0..3 {
        post.ask("maria@example.com").unwrap();
    }
    let slow = post.ask("MARIA@example.com");
    assert!(matches!(slow, Err(AppError::SlowDown { .. })), "{slow:?}");
    assert!(post.ask("mario@example.com").is_ok());
    post.world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_sender_address_nothing_is_promised() {
    let world = World::start("").await;
    assert!(!reset::is_possible(&world.app));
    let asked = reset::ask(&world.app, "maria@example.com", &Origin::default());
    assert!(matches!(asked, Err(AppError::Peer { .. })), "{asked:?}");
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_sets_a_password_that_they_forgot() {
    let Some(post) = Post::start().await else {
        return;
    };
    post.user("maria", "maria@example.com").await;
    let mut browser = post.world.browser();
    assert!(
        browser
            .get("/login/")
            .await
            .text()
            .contains("href=\"/password_reset/\"")
    );
    let token = form_token(&browser.get("/password_reset/").await.text());
    let mut told = Vec::new();
    for email in ["maria@example.com", "nobody@example.com"] {
        let fields = [("csrfmiddlewaretoken", token.as_str()), ("email", email)];
        let sent = browser.post("/password_reset/", &fields).await;
        assert_eq!(sent.status, 200);
        told.push(sent.text());
    }
    assert!(told[0].contains("Look into your mail"), "{}", told[0]);
    assert_eq!(told[0], told[1], "the same answer");
    let path = format!("/password_reset/{}/", post.link("maria@example.com").await);
    let page = browser.get(&path).await.text();
    assert!(page.contains("A new password for maria"));
    let token = form_token(&page);
    let fields = |again| {
        [
            ("csrfmiddlewaretoken", token.as_str()),
            ("password", OTHER),
            ("again", again),
        ]
    };
    let different = browser.post(&path, &fields(PASSWORD)).await;
    assert!(different.text().contains("id_again_problems"));
    let done = browser.post(&path, &fields(OTHER)).await;
    assert_eq!((done.status, location(&done)), (303, "/login/"));
    let over = browser.get(&path).await;
    assert_eq!(over.status, 404);
    assert!(over.text().contains("This link has ended"));
    assert_eq!(browser.log_in("maria", OTHER).await.status, 303);
    post.world.finish().await;
}
