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
