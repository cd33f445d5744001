//! Pages in the language of whoever reads.

use promgen_core::app::services::{self, ServiceChange};
use promgen_core::model::{Role, RoleOn, ServiceId};

use super::Pages as _;
use crate::rest::world::{World, operator};

#[tokio::test]
async fn what_drivers_say_of_themselves_is_read_in_ones_own_language() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let form = "/service/1/notifier";
    let english = world.page(&superuser, form).await.shown();
    let japanese = world.in_japanese(&superuser, form).await.shown();
    for (own, translated) in [
        ("E-mail", "メール"),
        ("Email Address", "メールアドレス"),
        ("Shown instead of the URL.", "URL の代わりに表示します。"),
        (
            "Sends a plain-text mail.",
            "テキスト形式のメールを送ります。",
        ),
    ] {
        assert!(english.says(own) && !english.says(translated), "{own}");
        assert!(japanese.says(translated) && !japanese.says(own), "{own}");
    }
    let plugins = world
        .in_japanese(&superuser, "/admin/plugins")
        .await
        .shown();
    assert!(plugins.says("メール promgen.notification.email"));
    assert!(
        plugins.says("アドレス（別の Promgen の /api/v1/targets など）からファームを読みます。")
    );
    assert!(plugins.says("パスワード password"), "{}", plugins.text());
}

#[tokio::test]
async fn the_edit_history_is_told_in_ones_own_language_and_stored_in_english() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let change = ServiceChange {
        description: Some("another"),
        ..ServiceChange::default()
    };
    let done = services::update(&world.app, &operator(), ServiceId(1), change).await;
    done.unwrap_or_else(|error| panic!("{error}"));
    world
        .with_role("maria", Role::Viewer, RoleOn::Service(ServiceId(1)))
        .await;
    world
        .apply(
            "promgen: 1\nservices: [{name: svc-000, senders: [\
             {driver: promgen.notification.webhook, value: \"http://hook.example/one\", alias: on-call}]}]",
        )
        .await;
    let made = world
        .submit(
            &superuser,
            "/group/new",
            &[("name", "ops"), ("users", "maria")],
        )
        .await;
    made.leads();
    let page = world.in_japanese(&superuser, "/audit").await.shown();
    for text in [
        "サービス svc-000 を更新",
        "ユーザー maria を作成",
        "ロール service_viewer (svc-000 での maria) を作成",
        "通知先 promgen.notification.webhook on-call (サービス svc-000) を作成",
        "グループ ops を作成",
        "グループ ops にメンバーを追加",
    ] {
        assert!(page.says(text), "{text}: {}", page.text());
    }
    for text in ["Created", "Updated", "Added"] {
        assert!(!page.says(text), "{text}: {}", page.text());
    }
    let log = world.log(50).await;
    let updated = log.iter().find(|one| one.body == "Updated Service svc-000");
    let id = updated.unwrap().id;
    let alone = world.in_japanese(&superuser, &format!("/audit/{id}")).await;
    assert!(alone.shown().says("サービス svc-000 を更新"));
    let rest = world.get(&superuser, "/rest/v2/logs").await;
    assert!(rest.body.to_string().contains("Updated Service svc-000"));
}

#[tokio::test]
async fn what_is_wrong_is_told_beside_the_field_in_ones_own_language() {
    let world = World::golden().await;
    let superuser = world.superuser().await;
    let taken = [("name", "svc-000")];
    let broken = [
        ("name", "Down"),
        ("kind", "alert"),
        ("clause", "sum(up"),
        ("duration", "soon"),
        ("labels-TOTAL_FORMS", "1"),
        ("labels-0-key", "not-one"),
        ("labels-0-value", "x"),
    ];
    let rule = "/service/1/rule";
    for (path, fields, texts) in [
        (
            "/new/service",
            taken.as_slice(),
            [(
                "service svc-000 exists already; choose another name",
                "サービス svc-000 は既にあります。別の名前を選んでください。",
            )]
            .as_slice(),
        ),
        (
            rule,
            broken.as_slice(),
            &[
                (
                    "1:4: ( is never closed; close it",
                    "1:4: ( が閉じられていません。閉じてください。",
                ),
                (
                    "\"soon\" is not a duration; write it like 30s, 5m or 1h30m",
                    "\"soon\" は長さではありません。30s、5m、1h30m のように",
                ),
                (
                    "\"not-one\" is not a label name; use letters, digits and _",
                    "\"not-one\" はラベル名ではありません。英数字と _ を使い、",
                ),
            ],
        ),
    ] {
        let english = world.submit(&superuser, path, fields).await.shown();
        let japanese = world.submit_in_japanese(&superuser, path, fields).await;
        let japanese = japanese.shown();
        for (own, told) in texts {
            assert!(english.says(own), "{own}: {}", english.text());
            assert!(japanese.says(told), "{told}: {}", japanese.text());
            assert!(!japanese.says(own), "{own}: {}", japanese.text());
        }
        assert!(japanese.html.contains("aria-invalid=\"true\""));
    }
}

#[tokio::test]
async fn a_refusal_is_told_in_ones_own_language_and_to_programs_in_english() {
    let world = World::golden().await;
    let viewer = world
        .with_role("viewer-of-one", Role::Viewer, RoleOn::Service(ServiceId(1)))
        .await;
    let page = world.in_japanese(&viewer, "/service/2").await;
    assert_eq!(page.status, 403);
    assert!(page.says("必要な権限: viewer ロール。"), "{}", page.text());
    assert!(!page.says("not allowed"), "{}", page.text());
    let english = world.page(&viewer, "/service/2").await;
    assert!(english.says("not allowed: this needs the role viewer"));
    let rest = world.get(&viewer, "/rest/v2/services/2").await;
    assert!(rest.body.to_string().contains("not allowed: this needs"));
}
