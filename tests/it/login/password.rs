//! User names and passwords.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use promgen_core::app::{Actor, users};
use promgen_core::model::Secret;
use promgen_tests::http::Answer;

use super::World;
use super::browser::location;
use super::world::PASSWORD;

/// What the page says went wrong.
fn complaint(answer: &Answer) -> String {
    let text = answer.text();
    let (_, after) = text.split_once("role=\"alert\">").unwrap_or_default();
    after.split("</p>").next().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_logs_in_goes_where_they_wanted_and_leaves() {
    let world = World::start("").await;
    let maria = world.user("maria", Some(PASSWORD)).await;
    let mut browser = world.browser();
    let first = browser.get("/login?next=/service/1").await;
    assert_eq!(
        (first.status, location(&first)),
        (303, "/login/?next=%2Fservice%2F1")
    );
    let page = browser.get("/login/?next=/service/1").await;
    assert!(page.text().contains("name=\"next\" value=\"/service/1\""));
    let entered = browser.log_in_to("maria", PASSWORD, "/service/1").await;
    assert_eq!((entered.status, location(&entered)), (303, "/service/1"));
    assert!(browser.is_in().await);
    assert_eq!(world.sessions_of(maria.id).await, 1);
    let token = browser.cookie("csrftoken").to_owned();
    let left = browser
        .post("/logout/", &[("csrfmiddlewaretoken", &token)])
        .await;
    assert_eq!((left.status, location(&left)), (303, "/"));
    assert_eq!(browser.cookie("promgen_session"), "");
    assert_eq!(world.sessions_of(maria.id).await, 0);
    assert!(!browser.is_in().await);
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_are_guarded() {
    let world = World::start("login: {proxies: [127.0.0.1]}").await;
    world.user("maria", Some(PASSWORD)).await;
    let cookies = |answer: &Answer| -> BTreeMap<String, String> {
        let all = answer.headers.get_all("set-cookie").iter();
        all.map(|cookie| {
            let cookie = cookie.to_str().unwrap();
            let (name, _) = cookie.split_once('=').unwrap();
            (name.to_owned(), cookie.to_owned())
        })
        .collect()
    };
    let mut browser = world.browser();
    let plain = cookies(&browser.log_in("maria", PASSWORD).await);
    let session = &plain["promgen_session"];
    assert!(session.contains("; Path=/;") && session.contains("; SameSite=Lax"));
    assert!(session.contains("; HttpOnly") && !session.contains("Secure"));
    assert!(!plain["csrftoken"].contains("HttpOnly"), "scripts read it");
    let mut browser = world.browser();
    browser
        .added
        .push(("x-forwarded-proto".to_owned(), "https".to_owned()));
    let secure = cookies(&browser.log_in("maria", PASSWORD).await);
    assert!(
        secure.values().all(|cookie| cookie.ends_with("; Secure")),
        "{secure:?}"
    );
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s7_nobody_is_sent_to_another_site() {
    let world = World::start("").await;
    world.user("maria", Some(PASSWORD)).await;
    for next in [
        "//evil.example.com",
        "/\\evil.example.com",
        "/%2fevil.example.com",
        "https://evil.example.com/",
    ] {
        let mut browser = world.browser();
        let entered = browser.log_in_to("maria", PASSWORD, next).await;
        assert_eq!((entered.status, location(&entered)), (303, "/"), "{next}");
        let again = browser.get(&format!("/login/?next={next}")).await;
        assert_eq!((again.status, location(&again)), (303, "/"), "{next}");
    }
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s12_blank_passwords_are_refused_before_anybody_is_asked() {
    let world = World::start("").await;
    let maria = world.user("maria", None).await;
    for turn in 0..30 {
        let password = ["", " ", "\t", "\u{3000}"][turn % 4];
        let refused = world.browser().log_in("maria", password).await;
        // A wait would say that something was asked.
        assert_eq!(refused.status, 422, "{password:?}");
    }
    assert_eq!(world.sessions_of(maria.id).await, 0);
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s13_nothing_tells_which_users_there_are() {
    let world = World::start("").await;
    world.user("maria", Some(PASSWORD)).await;
    world.user("tokens-only", None).await;
    world.user("gone", Some(PASSWORD)).await;
    users::set_active(&world.app, &Actor::operator("test"), "gone", false)
        .await
        .unwrap();
    let mut told = Vec::new();
    for (username, password) in [
        ("maria", "wrong horse"),
        ("nobody", "wrong horse"),
        ("tokens-only", "wrong horse"),
        ("gone", PASSWORD),
        ("ghost", PASSWORD),
    ] {
        // The quicker of two: the machine may be busy with something else.
        let mut quickest = Duration::MAX;
        for _ in 0..2 {
            let began = Instant::now();
            let refused = world.browser().log_in(username, password).await;
            quickest = quickest.min(began.elapsed());
            assert_eq!(refused.status, 422, "{username}");
            told.push((complaint(&refused), quickest));
        }
    }
    assert!(told.iter().all(|(text, _)| *text == told[0].0), "{told:?}");
    // One hash for each of them: without it, an answer is there in a hundredth of the time.
    let times: Vec<Duration> = told
        .iter()
        .skip(1)
        .step_by(2)
        .map(|(_, took)| *took)
        .collect();
    let (shortest, longest) = (times.iter().min().unwrap(), times.iter().max().unwrap());
    assert!(*shortest > *longest / 10, "{times:?}");
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s14_guessing_takes_longer_and_longer() {
    let world = World::start("").await;
    world.user("maria", Some(PASSWORD)).await;
    let spellings = ["maria", "MARIA", " maria", "Maria ", "ｍaria"];
    for spelling in spellings {
        let refused = world.browser().log_in(spelling, "wrong horse").await;
        assert_eq!(refused.status, 422, "{spelling}");
    }
    let shut = world.browser().log_in("maria", PASSWORD).await;
    assert_eq!(shut.status, 429);
    let wait: u64 = shut.headers["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!(
        complaint(&shut).contains("too many logins failed"),
        "{}",
        complaint(&shut)
    );
    world.pass(Duration::from_secs(wait));
    let entered = world.browser().log_in("maria", PASSWORD).await;
    assert_eq!(entered.status, 303);
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s14_many_guesses_at_once_are_no_way_around() {
    let world = World::start("").await;
    world.user("maria", Some(PASSWORD)).await;
    let statuses = Mutex::new(Vec::new());
    let guesses = (0..20).map(|_| async {
        let answer = world.browser().log_in("maria", "wrong horse").await;
        statuses.lock().unwrap().push(answer.status);
    });
    futures_util::future::join_all(guesses).await;
    let statuses = statuses.into_inner().unwrap();
    let looked = statuses.iter().filter(|status| **status == 422).count();
    assert_eq!(looked, 5, "{statuses:?}");
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hash_of_django_is_taken_and_replaced() {
    // `make_password(PASSWORD)` of Django 4.2 with few iterations.
    const DJANGO: &str = "pbkdf2_sha256$1000$saltsalt$qQDPSZa3Ormyy9oK1Pu0ZLLwP2Svzmx3yu8OvDdq/J0=";
    let world = World::start("").await;
    let maria = world.user("maria", None).await;
    let tx = world.app.store().write_tx().await.unwrap();
    tx.set_password(maria.id, Some(DJANGO)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        world.browser().log_in("maria", "wrong horse").await.status,
        422
    );
    assert_eq!(world.browser().log_in("maria", PASSWORD).await.status, 303);
    let tx = world.app.store().read_tx().await.unwrap();
    let hash = tx.find_password(maria.id).await.unwrap().unwrap();
    drop(tx);
    assert!(hash.starts_with("$argon2id$"), "{hash}");
    assert_eq!(world.browser().log_in("maria", PASSWORD).await.status, 303);
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_wants_the_present_one_and_ends_all_sessions() {
    let world = World::start("").await;
    let maria = world.user("maria", Some(PASSWORD)).await;
    let mut browser = world.browser();
    browser.log_in("maria", PASSWORD).await;
    let secret = |text: &str| Secret::new(text.to_owned());
    let actor = Actor::User(maria.clone());
    let change = async |present: &str, new: &str| {
        users::change_own_password(&world.app, &actor, secret(present), secret(new)).await
    };
    let wrong = change("wrong horse", "another horse").await.unwrap_err();
    assert!(
        wrong.to_string().contains("is not your password"),
        "{wrong}"
    );
    for (weak, why) in [
        ("tiny1", "shorter"),
        ("1357924680", "digits"),
        ("maria1234", "user name"),
        ("password1", "common"),
    ] {
        let refused = change(PASSWORD, weak).await.unwrap_err().to_string();
        assert!(
            refused.contains(why) && !refused.contains(weak),
            "{refused}"
        );
    }
    assert!(browser.is_in().await);
    change(PASSWORD, "another horse").await.unwrap();
    assert!(!browser.is_in().await);
    assert_eq!(world.browser().log_in("maria", PASSWORD).await.status, 422);
    assert_eq!(
        world
            .browser()
            .log_in("maria", "another horse")
            .await
            .status,
        303
    );
    let anonymous = users::change_own_password(
        &world.app,
        &Actor::Anonymous,
        secret(PASSWORD),
        secret("another horse"),
    );
    assert!(anonymous.await.is_err());
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_backend_no_password_comes_in() {
    let world = World::start(
        "login: {backends: [proxy-header]}\npromgen.auth.proxy-header: {from: '10.0.0.1'}",
    )
    .await;
    world.user("maria", Some(PASSWORD)).await;
    let mut browser = world.browser();
    let page = browser.get("/login/").await;
    assert!(!page.text().contains("<form"), "{}", page.text());
    let token = browser.cookie("csrftoken").to_owned();
    let fields = [
        ("csrfmiddlewaretoken", token.as_str()),
        ("username", "maria"),
        ("password", PASSWORD),
    ];
    assert_eq!(browser.post("/login/", &fields).await.status, 422);
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn their_owner_changes_a_password_by_the_present_one() {
    let world = World::start("").await;
    world.user("maria", Some(PASSWORD)).await;
    let (mut browser, mut other) = (world.browser(), world.browser());
    browser.log_in("maria", PASSWORD).await;
    other.log_in("maria", PASSWORD).await;
    let page = browser.get("/password_change/").await.text();
    let token = super::browser::form_token(&page);
    let fields = |present, password, again| {
        [
            ("csrfmiddlewaretoken", token.as_str()),
            ("present", present),
            ("password", password),
            ("again", again),
        ]
    };
    let new = "staple battery";
    for (fields, complaint) in [
        (fields("wrong horse", new, new), "id_present_problems"),
        (fields(PASSWORD, "maria", "maria"), "id_password_problems"),
        (fields(PASSWORD, new, PASSWORD), "id_again_problems"),
    ] {
        let refused = browser.post("/password_change/", &fields).await;
        assert_eq!(refused.status, 200);
        assert!(refused.text().contains(complaint), "{}", refused.text());
    }
    let all = fields("wrong horse", "maria", "other");
    let refused = browser.post("/password_change/", &all).await.text();
    for field in ["present", "password", "again"] {
        let complaint = format!("id_{field}_problems");
        assert!(refused.contains(&complaint), "{field}: {refused}");
    }
    let changed = browser
        .post("/password_change/", &fields(PASSWORD, new, new))
        .await;
    assert_eq!((changed.status, location(&changed)), (303, "/login/"));
    assert!(!browser.is_in().await && !other.is_in().await);
    assert_eq!(browser.log_in("maria", PASSWORD).await.status, 422);
    assert_eq!(browser.log_in("maria", new).await.status, 303);
    world.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_sees_the_login_page_again_with_what_went_wrong() {
    let world = World::start("").await;
    world.user("maria", Some(PASSWORD)).await;
    let mut browser = world.browser();
    let html = "text/html,application/xhtml+xml".to_owned();
    browser.added.push(("accept".to_owned(), html));
    let asked = browser.get("/").await;
    assert_eq!((asked.status, location(&asked)), (303, "/login/?next=%2F"));
    let refused = browser.log_in("maria <b>", "wrong horse").await;
    assert_eq!(refused.status, 422);
    assert!(complaint(&refused).contains("do not belong together"));
    let page = refused.text();
    assert!(page.contains("value=\"maria &#60;b&#62;\""), "{page}");
    assert!(!page.contains("password_reset"), "no mail can be sent");
    assert_eq!(browser.log_in("maria", PASSWORD).await.status, 303);
    world.finish().await;
}
