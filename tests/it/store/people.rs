//! Users, passwords, tokens and the audit log.

use promgen_core::model::*;
use promgen_core::store::StoreError;

use super::sample;

fn token(user: UserId) -> Token {
    Token {
        id: TokenId(0),
        user,
        scopes: vec![Scope::Read, Scope::Alerts],
        prefix: "abcdef".to_owned(),
        created: Timestamp(1),
        expires: Some(Timestamp(i64::MAX)),
        last_used: None,
        revoked: None,
    }
}

fn entry(body: &str, user: Option<UserId>) -> AuditEntry {
    AuditEntry {
        id: AuditId(0),
        created: Timestamp(7),
        actor: "cli:root".to_owned(),
        user,
        body: body.to_owned(),
        kind: AuditKind::Project.as_str().to_owned(),
        object: i64::from(i32::MAX) + 1,
        parent: Some((AuditKind::Service.as_str().to_owned(), 3)),
        before: String::new(),
        after: "{\"name\": \"日本\"}".to_owned(),
    }
}

on_every_database! {
    async fn users_come_back_as_written(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let mut alice = sample::user("alice");
        alice.id = tx.insert_user(&alice).await.unwrap();
        (alice.superuser, alice.active) = (true, false);
        tx.update_user(&alice).await.unwrap();
        assert_eq!(tx.find_user("alice").await.unwrap(), Some(alice.clone()));
        assert_eq!(tx.load_user(alice.id).await.unwrap(), Some(alice.clone()));
        assert_eq!(tx.find_user("Alice").await.unwrap(), None);
        assert_eq!(tx.list_users().await.unwrap(), [alice]);
    }

    async fn a_password_stays_when_its_user_is_changed(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let mut alice = sample::user("alice");
        alice.id = tx.insert_user(&alice).await.unwrap();
        assert_eq!(tx.find_password(alice.id).await.unwrap(), None);
        tx.set_password(alice.id, Some("$argon2id$x")).await.unwrap();
        "other@example.com".clone_into(&mut alice.email);
        tx.update_user(&alice).await.unwrap();
        assert_eq!(tx.find_password(alice.id).await.unwrap().as_deref(), Some("$argon2id$x"));
        tx.set_password(alice.id, None).await.unwrap();
        assert_eq!(tx.find_password(alice.id).await.unwrap(), None);
        assert_eq!(tx.find_password(UserId(4711)).await.unwrap(), None);
        assert!(tx.set_password(UserId(4711), None).await.is_err());
    }

    async fn tokens_are_found_by_their_hash(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let mut alice = sample::user("alice");
        alice.id = tx.insert_user(&alice).await.unwrap();
        let mut token = token(alice.id);
        token.id = tx.insert_token(&token, &[7; 32]).await.unwrap();
        assert_eq!(tx.find_token(&[7; 32]).await.unwrap(), Some((token.clone(), alice.clone())));
        assert_eq!(tx.find_token(&[8; 32]).await.unwrap(), None);
        tx.touch_token(token.id, Timestamp(50)).await.unwrap();
        tx.revoke_token(token.id, Timestamp(60)).await.unwrap();
        tx.revoke_token(token.id, Timestamp(70)).await.unwrap();
        (token.last_used, token.revoked) = (Some(Timestamp(50)), Some(Timestamp(60)));
        assert_eq!(tx.load_token(token.id).await.unwrap(), Some(token.clone()));
        assert_eq!(tx.list_tokens().await.unwrap(), [(token, alice.clone())]);
        tx.delete_user(alice.id).await.unwrap();
        assert_eq!(tx.list_tokens().await.unwrap(), []);
    }

    async fn tokens_that_are_good_for_nothing_are_told_with_the_revision(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let mut users = [sample::user("alice"), sample::user("bob")];
        users[1].active = false;
        let mut ids = Vec::new();
        for (number, of) in [(1, 0), (2, 1), (3, 0)] {
            if users[of].id == UserId(0) {
                users[of].id = tx.insert_user(&users[of]).await.unwrap();
            }
            ids.push(tx.insert_token(&token(users[of].id), &[number; 32]).await.unwrap());
        }
        let [good, inactive, revoked] = ids[..] else { panic!("{ids:?}") };
        tx.revoke_token(revoked, Timestamp(60)).await.unwrap();
        let revision = tx.revision().await.unwrap();
        let unknown = TokenId(4711);
        let found = tx.revision_and_lost_tokens(&[good, inactive, revoked, unknown]).await.unwrap();
        assert_eq!(found, (revision, vec![inactive, revoked, unknown]));
        assert_eq!(tx.revision_and_lost_tokens(&[]).await.unwrap(), (revision, vec![]));
        assert_eq!(tx.revision_and_lost_tokens(&[good]).await.unwrap(), (revision, vec![]));
    }

    async fn a_hash_is_stored_once(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let alice = tx.insert_user(&sample::user("alice")).await.unwrap();
        tx.insert_token(&token(alice), &[7; 32]).await.unwrap();
        let again = tx.insert_token(&token(alice), &[7; 32]).await;
        assert!(matches!(again, Err(StoreError::Unique)), "{again:?}");
    }

    async fn the_audit_log_is_read_from_its_end_in_pages(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let alice = tx.insert_user(&sample::user("alice")).await.unwrap();
        let written: Vec<AuditEntry> =
            (0..1100).map(|number| entry(&format!("Created Project {number}"), Some(alice))).collect();
        tx.insert_audit(&written).await.unwrap();
        let page = tx.list_audit(2, None).await.unwrap();
        assert_eq!(page[0], AuditEntry { id: page[0].id, ..written[1099].clone() });
        let next = tx.list_audit(2, Some(page[1].id)).await.unwrap();
        assert_eq!(next[0].body, "Created Project 1097");
        tx.delete_user(alice).await.unwrap();
        let all = tx.list_audit(5000, None).await.unwrap();
        assert_eq!(all.len(), 1100);
        assert!(all.iter().all(|entry| entry.user.is_none()));
    }

    async fn an_entry_without_user_and_parent_is_fine(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let lone = AuditEntry { parent: None, ..entry("Deleted Shard \0x", None) };
        tx.insert_audit(&[lone]).await.unwrap();
        let stored = tx.list_audit(1, None).await.unwrap();
        assert_eq!(stored[0].parent, None);
        assert_eq!(stored[0].body, "Deleted Shard \u{fffd}x");
    }
}
