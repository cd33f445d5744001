//! `/admin/`: sessions and tokens of others.

use promgen_core::app::tokens;
use promgen_core::model::{Scope, Token, TokenId};

use super::{at, session, sessions};
use crate::rest::world::{Person, World, operator};
use crate::ui::Pages as _;

#[tokio::test]
async fn sessions_of_others_are_ended_one_by_one_or_all() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let maria = world.person("maria").await;
    let mut ids = Vec::new();
    for number in 1..=3 {
        ids.push(session(&world, maria.user.id, number).await);
    }
    let page = world.page(&peer, &at(&maria, "")).await.shown();
    assert!(
        page.says("192.0.2.2") && page.says("Browser <b>"),
        "{}",
        page.text()
    );
    let end = at(&maria, "/sessions/delete");
    let one = ids[1].to_string();
    let ended = world.submit(&peer, &end, &[("session", &one)]).await;
    assert_eq!(ended.leads(), at(&maria, "#sessions"));
    assert_eq!(sessions(&world, maria.user.id).await, 2);
    for nonsense in ["x", "", one.as_str()] {
        assert_eq!(
            world
                .submit(&peer, &end, &[("session", nonsense)])
                .await
                .status,
            404
        );
    }
    assert!(world.page(&peer, &end).await.shown().says("2 sessions end"));
    world.submit(&peer, &end, &[]).await.leads();
    assert_eq!(sessions(&world, maria.user.id).await, 0);
    assert_eq!(
        world.log(1).await[0].body,
        "Removed sessions from User maria"
    );
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "one story, told from its beginning to its end"
)]
async fn tokens_are_made_shown_once_and_revoked() {
    let world = World::golden().await;
    // Whoever asks by a token gives no more than that has.
    let scopes = vec![Scope::Read, Scope::Write, Scope::Alerts];
    let peer = world.with_scopes("peer", scopes).await;
    let robot = world.person("robot").await;
    let new = "/admin/token/new";
    let form = world
        .page(&peer, &format!("{new}?username=robot"))
        .await
        .shown();
    assert!(form.html.contains("value=\"robot\"") && form.says("hand in alerts"));
    for (fields, told) in [
        (
            vec![("username", "ghost"), ("scopes", "alerts")],
            "there is no user",
        ),
        (
            vec![("username", "robot")],
            "the token could be used for nothing",
        ),
        (
            vec![("username", "robot"), ("scopes", "alerts"), ("days", "-1")],
            "is no number of days",
        ),
    ] {
        let page = world.submit(&peer, new, &fields).await.shown();
        assert!(page.says(told), "{told}: {}", page.text());
    }
    let fields = [("username", "robot"), ("scopes", "alerts"), ("days", "90")];
    let made = world.submit(&peer, new, &fields).await.shown();
    assert_eq!(made.headers["cache-control"], "no-store");
    let listed = tokens::list(&world.app, &operator()).await.unwrap();
    let (token, _) = listed.last().unwrap();
    assert_eq!(
        (token.scopes.clone(), token.user),
        (vec![Scope::Alerts], robot.user.id)
    );
    assert!(token.expires.is_some());
    let text = made.text();
    let text = text
        .split(' ')
        .find(|word| word.starts_with(&token.prefix))
        .unwrap();
    assert_eq!(text.len(), 67);

    let list = world.page(&peer, "/admin/token?scope=alerts").await.shown();
    assert!(list.says(&token.prefix) && list.says("2 entries") && !list.says(text));
    let delete = format!("/admin/token/{}/delete", token.id);
    let asked = world
        .page(&peer, &format!("{delete}?next=//evil"))
        .await
        .shown();
    assert!(
        asked.html.contains("name=\"next\" value=\"/\""),
        "{}",
        asked.html
    );
    world.submit(&peer, &delete, &[]).await.leads();
    let list = world.page(&peer, "/admin/token?scope=alerts").await.shown();
    assert!(list.says("1 entry") && !list.says(&token.prefix));
    assert!(world.page(&peer, &at(&robot, "")).await.says("revoked"));
    let person = Person {
        token: text.to_owned(),
        ..robot
    };
    assert_eq!(world.get(&person, "/rest/v2/users/me").await.status, 401);
}

#[tokio::test]
async fn tokens_that_ended_long_ago_are_kept_out_of_the_way() {
    let world = World::golden().await;
    let peer = world.superuser().await;
    let now = world.app.now();
    let day = std::time::Duration::from_hours(24);
    for (prefix, number, days) in [("pg_old", 1, 31), ("pg_young", 2, 29)] {
        let token = Token {
            id: TokenId(0),
            user: peer.user.id,
            scopes: vec![Scope::Read],
            prefix: prefix.to_owned(),
            created: now,
            expires: Some(now.minus(day * days)),
            last_used: None,
            revoked: None,
        };
        let tx = world.app.store().write_tx().await.unwrap();
        tx.insert_token(&token, &[number; 32]).await.unwrap();
        tx.commit().await.unwrap();
    }
    let page = world.page(&peer, "/admin/token").await.shown();
    assert!(
        page.says("pg_young") && !page.says("pg_old"),
        "{}",
        page.text()
    );
    let all = world.page(&peer, "/admin/token?ended=yes").await.shown();
    assert!(all.says("pg_young") && all.says("pg_old"), "{}", all.text());
}
