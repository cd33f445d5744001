//! Sessions, identities, and the memberships that these brought.

use promgen_core::model::*;
use promgen_core::store::StoreError;

use super::sample;

fn session(user: UserId, backend: &str, last_seen: i64) -> Session {
    Session {
        id: SessionId(0),
        user,
        backend: backend.to_owned(),
        created: Timestamp(1),
        last_seen: Timestamp(last_seen),
        expires: Timestamp(1000),
        address: "2001:db8::1".to_owned(),
        agent: "Browser \u{1f310}".to_owned(),
    }
}

fn identity(user: UserId, subject: &str) -> LinkedIdentity {
    LinkedIdentity {
        id: IdentityId(0),
        user,
        backend: "oidc".to_owned(),
        issuer: "https://id.example.com".to_owned(),
        subject: subject.to_owned(),
        created: Timestamp(1),
        last_login: Timestamp(1),
    }
}

on_every_database! {
    async fn sessions_are_found_by_their_hash_and_end(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let mut alice = sample::user("alice");
        alice.id = tx.insert_user(&alice).await.unwrap();
        let mut one = session(alice.id, "password", 10);
        one.id = tx.insert_session(&one, &[1; 32]).await.unwrap();
        let two = session(alice.id, "oidc", 20);
        tx.insert_session(&two, &[2; 32]).await.unwrap();
        let again = tx.insert_session(&two, &[3; 32]).await.unwrap();
        assert_eq!(tx.find_session(&[1; 32]).await.unwrap(), Some((one.clone(), alice.clone())));
        assert_eq!(tx.find_session(&[9; 32]).await.unwrap(), None);
        tx.touch_session(one.id, Timestamp(30)).await.unwrap();
        let (found, _) = tx.find_session(&[1; 32]).await.unwrap().unwrap();
        assert_eq!(found.last_seen, Timestamp(30));
        assert!(!tx.delete_session_of(UserId(4711), again).await.unwrap());
        assert!(tx.delete_session_of(alice.id, again).await.unwrap());
        tx.delete_sessions_by(alice.id, "oidc").await.unwrap();
        assert_eq!(tx.list_sessions(alice.id).await.unwrap().len(), 1);
        tx.delete_session(&[1; 32]).await.unwrap();
        assert_eq!(tx.list_sessions(alice.id).await.unwrap(), []);
    }

    async fn an_identity_moves_to_another_user(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let old = tx.insert_user(&sample::user("old")).await.unwrap();
        let new = tx.insert_user(&sample::user("new")).await.unwrap();
        let id = tx.insert_identity(&identity(old, "7")).await.unwrap();
        tx.move_identity(id, new).await.unwrap();
        assert_eq!(tx.list_identities(old).await.unwrap(), []);
        tx.delete_user(old).await.unwrap();
        assert_eq!(tx.list_identities(new).await.unwrap().len(), 1);
    }

    async fn a_hash_of_a_session_is_stored_once(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let alice = tx.insert_user(&sample::user("alice")).await.unwrap();
        tx.insert_session(&session(alice, "password", 1), &[1; 32]).await.unwrap();
        let again = tx.insert_session(&session(alice, "password", 1), &[1; 32]).await;
        assert!(matches!(again, Err(StoreError::Unique)), "{again:?}");
    }

    async fn ended_sessions_go_in_batches(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let alice = tx.insert_user(&sample::user("alice")).await.unwrap();
        for (number, last_seen) in [(1, 5), (2, 6), (3, 50)] {
            tx.insert_session(&session(alice, "password", last_seen), &[number; 32]).await.unwrap();
        }
        let unused = Timestamp(10);
        let prune = async |now| tx.delete_ended_sessions(Timestamp(now), unused, 1).await.unwrap();
        assert_eq!([prune(999).await, prune(999).await, prune(999).await], [1, 1, 0]);
        assert_eq!([prune(1000).await, prune(1000).await], [1, 0]);
    }

    async fn identities_are_found_by_issuer_and_subject_byte_for_byte(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let alice = tx.insert_user(&sample::user("alice")).await.unwrap();
        let mut one = identity(alice, "sub");
        one.id = tx.insert_identity(&one).await.unwrap();
        let find = async |subject: &str| tx.find_identity(&one.issuer, subject).await.unwrap();
        assert_eq!(find("sub").await, Some(one.clone()));
        for other in ["Sub", "sub ", "süb", ""] {
            assert_eq!(find(other).await, None, "{other:?}");
        }
        tx.touch_identity(one.id, Timestamp(9)).await.unwrap();
        assert_eq!(find("sub").await.unwrap().last_login, Timestamp(9));
        assert_eq!(tx.list_identities(alice).await.unwrap().len(), 1);
        tx.delete_identity(one.id).await.unwrap();
        assert_eq!(find("sub").await, None);
    }

    async fn an_identity_is_linked_once(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let alice = tx.insert_user(&sample::user("alice")).await.unwrap();
        let longest = identity(alice, &"語".repeat(255));
        tx.insert_identity(&longest).await.unwrap();
        let bob = tx.insert_user(&sample::user("bob")).await.unwrap();
        let again = LinkedIdentity { user: bob, ..longest };
        let refused = tx.insert_identity(&again).await;
        assert!(matches!(refused, Err(StoreError::Unique)), "{refused:?}");
    }

    async fn what_an_identity_brought_is_told_apart(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let alice = tx.insert_user(&sample::user("alice")).await.unwrap();
        let one = tx.insert_identity(&identity(alice, "1")).await.unwrap();
        let two = tx.insert_identity(&identity(alice, "2")).await.unwrap();
        let ops = Group { id: GroupId(0), name: "ops".to_owned() };
        let ops = tx.insert_group(&ops).await.unwrap();
        tx.insert_claimed(one, ops).await.unwrap();
        tx.insert_claimed(two, ops).await.unwrap();
        assert_eq!(tx.list_claimed(one).await.unwrap(), [ops]);
        tx.delete_claimed(one, ops).await.unwrap();
        assert_eq!(tx.list_claimed(one).await.unwrap(), []);
        assert!(tx.is_claimed(alice, ops).await.unwrap());
        tx.delete_identity(two).await.unwrap();
        assert!(!tx.is_claimed(alice, ops).await.unwrap());
    }

    async fn a_deleted_user_leaves_no_login_behind(database: &TestDatabase) {
        let store = database.migrated().await;
        let tx = store.write_tx().await.unwrap();
        let alice = tx.insert_user(&sample::user("alice")).await.unwrap();
        tx.insert_session(&session(alice, "oidc", 1), &[1; 32]).await.unwrap();
        tx.insert_identity(&identity(alice, "1")).await.unwrap();
        tx.delete_user(alice).await.unwrap();
        assert_eq!(tx.find_session(&[1; 32]).await.unwrap(), None);
        assert_eq!(tx.list_identities(alice).await.unwrap(), []);
    }
}
