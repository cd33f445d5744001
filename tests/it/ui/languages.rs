//! Pages in the language of whoever reads.

use super::Pages as _;
use crate::rest::world::World;

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
