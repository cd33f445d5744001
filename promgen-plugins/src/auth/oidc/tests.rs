use promgen_core::config::parse;
use promgen_core::testing::{AuthCase, RecordingAuthContext, block_on};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::json;
use url::Url;

use super::*;

const ISSUER: &str = "https://id.example.com";
const CALLBACK: &str = "https://promgen.example.com/complete/oidc/";

/// When everything happens, in seconds.
const NOW: i64 = 1_700_000_000;

fn settings() -> Settings {
    let section = format!("{{issuer: '{ISSUER}', client_id: me, client_secret: s3cret-client}}");
    parse(&format!("{SECTION}: {section}")).unwrap().settings
}

/// A provider with a key of its own.
struct Fake {
    key: EcdsaKeyPair,
    document: Value,
    keys: Value,
}

impl Fake {
    fn new() -> Self {
        let key = new_key();
        let keys = json!({"keys": [{"kty": "unknown"}, jwk(&key, "k1")]});
        let document = json!({
            "issuer": ISSUER,
            "authorization_endpoint": format!("{ISSUER}/authorize"),
            "token_endpoint": format!("{ISSUER}/token"),
            "jwks_uri": format!("{ISSUER}/keys"),
        });
        Self {
            key,
            document,
            keys,
        }
    }

    fn context(&self) -> RecordingAuthContext {
        let document = format!("{ISSUER}/.well-known/openid-configuration");
        RecordingAuthContext::new()
            .clock(Timestamp(NOW * 1000))
            .at(&document, 200, &self.document.to_string())
            .at(&format!("{ISSUER}/keys"), 200, &self.keys.to_string())
    }

    /// Goes through a whole login in which the provider's token is made by `token` of the usual
    /// claims.
    fn login(&self, token: impl Fn(Value) -> String) -> Result<Identity, AuthError> {
        let driver = Oidc::new(&settings()).unwrap();
        login_at(&driver, self.context(), token)
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        sign(&self.key, header, claims)
    }

    /// Signs the claims after changing one of them.
    fn with(&self, name: &str, value: &Value) -> Result<Identity, AuthError> {
        self.login(|mut claims| {
            claims[name] = value.clone();
            self.sign(&usual_header(), &claims)
        })
    }
}

fn login_at(
    driver: &Oidc,
    context: RecordingAuthContext,
    token: impl Fn(Value) -> String,
) -> Result<Identity, AuthError> {
    let begun = block_on(driver.begin(&context, CALLBACK)).unwrap();
    let sent = query_of(&begun.url);
    let claims = json!({
        "iss": ISSUER, "sub": "248289761001", "aud": "me", "nonce": sent["nonce"],
        "iat": NOW, "exp": NOW + 300, "email": "maria@example.com", "email_verified": true,
        "preferred_username": "maria", "groups": ["ops"],
    });
    let tokens = json!({"access_token": "at", "token_type": "Bearer", "id_token": token(claims)});
    let context = context.at(&format!("{ISSUER}/token"), 200, &tokens.to_string());
    let query = answer(&sent["state"]);
    block_on(driver.complete(&context, CALLBACK, &query, &begun.kept))
}

fn new_key() -> EcdsaKeyPair {
    let (kind, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
    let document = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(kind, document.as_ref(), &random).unwrap()
}

fn usual_header() -> Value {
    json!({"alg": "ES256", "kid": "k1", "typ": "JWT"})
}

fn encoded(bytes: impl AsRef<[u8]>) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

fn jwk(key: &EcdsaKeyPair, id: &str) -> Value {
    let point = key.public_key().as_ref();
    let (x, y) = (encoded(&point[1..33]), encoded(&point[33..65]));
    json!({"kty": "EC", "crv": "P-256", "kid": id, "use": "sig", "x": x, "y": y})
}

fn sign(key: &EcdsaKeyPair, header: &Value, claims: &Value) -> String {
    let message = format!(
        "{}.{}",
        encoded(header.to_string()),
        encoded(claims.to_string())
    );
    let signature = key.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
    format!("{message}.{}", encoded(signature))
}

fn query_of(url: &str) -> BTreeMap<String, String> {
    Url::parse(url)
        .unwrap()
        .query_pairs()
        .into_owned()
        .collect()
}

fn answer(state: &str) -> BTreeMap<String, String> {
    let pair = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    [("state", state), ("code", "c0de")].map(pair).into()
}

fn refusal(result: Result<Identity, AuthError>) -> String {
    match result {
        Err(AuthError::Refused { message }) => message,
        other => panic!("{other:?}"),
    }
}

promgen_core::auth_contract!(
    OIDC,
    AuthCase::new(settings())
        .hiding("s3cret-client")
        .context(Fake::new().context())
);

#[test]
fn a_proven_identity_is_taken() {
    let fake = Fake::new();
    let identity = fake
        .login(|claims| fake.sign(&usual_header(), &claims))
        .unwrap();
    assert_eq!(
        (identity.issuer.as_str(), identity.subject.as_str()),
        (ISSUER, "248289761001")
    );
    assert_eq!(identity.username, "maria");
    assert!(identity.email_verified);
    assert_eq!(
        identity.groups.unwrap().into_iter().collect::<Vec<_>>(),
        ["ops"]
    );
}

#[test]
fn the_person_is_sent_with_pkce_state_and_nonce() {
    let context = Fake::new().context();
    let driver = Oidc::new(&settings()).unwrap();
    let begun = [(); 2].map(|()| block_on(driver.begin(&context, CALLBACK)).unwrap().url);
    let [one, two] = begun.map(|url| query_of(&url));
    for name in ["state", "nonce", "code_challenge"] {
        assert!(one[name].len() >= 43, "{name}");
        assert_ne!(one[name], two[name], "{name}");
    }
    assert_eq!(one["code_challenge_method"], "S256");
    assert_eq!(one["scope"], "openid profile email");
    assert_eq!(
        context.requests().len(),
        2,
        "document and keys are fetched once"
    );
}

#[test]
fn s11_tokens_that_are_not_for_this_login_are_refused() {
    let fake = Fake::new();
    let cases = [
        ("iss", json!("https://evil.example.com"), "another issuer"),
        ("iss", Value::Null, "another issuer"),
        ("aud", json!("somebody else"), "another client"),
        ("aud", json!([]), "another client"),
        ("aud", json!(["me", "other"]), "another client"),
        ("azp", json!("other"), "another client"),
        ("exp", json!(NOW - 61), "has ended"),
        ("exp", json!("never"), "has ended"),
        ("exp", Value::Null, "has ended"),
        ("iat", json!(NOW + 61), "the future"),
        ("nbf", json!(NOW + 61), "the future"),
        ("nonce", json!("n0nce"), "another login"),
        ("nonce", Value::Null, "another login"),
        ("sub", json!(""), "nobody"),
        ("sub", json!(7), "nobody"),
    ];
    for (name, value, why) in cases {
        let told = refusal(fake.with(name, &value));
        assert!(told.contains(why), "{name}: {value}: {told}");
    }
}

#[test]
fn clocks_may_be_a_little_apart() {
    let fake = Fake::new();
    for (name, value) in [("exp", NOW - 59), ("iat", NOW + 59), ("nbf", NOW + 59)] {
        assert!(fake.with(name, &json!(value)).is_ok(), "{name}");
    }
    let several = fake.login(|mut claims| {
        claims["aud"] = json!(["other", "me"]);
        claims["azp"] = json!("me");
        fake.sign(&usual_header(), &claims)
    });
    assert!(several.is_ok(), "{several:?}");
}

#[test]
fn tokens_that_the_provider_did_not_sign_are_refused() {
    let (fake, stranger) = (Fake::new(), Fake::new());
    let unsigned = |header: Value| {
        fake.login(|claims| {
            format!(
                "{}.{}.",
                encoded(header.to_string()),
                encoded(claims.to_string())
            )
        })
    };
    for algorithm in ["none", "None", "HS256", "RS256", ""] {
        let told = refusal(unsigned(json!({"alg": algorithm, "kid": "k1"})));
        assert!(
            told.contains("a key that the provider does not have"),
            "{algorithm}: {told}"
        );
    }
    let told = refusal(unsigned(usual_header()));
    assert!(told.contains("a wrong signature"), "{told}");
    let told = refusal(fake.login(|claims| stranger.sign(&usual_header(), &claims)));
    assert!(told.contains("a wrong signature"), "{told}");
    let crit = json!({"alg": "ES256", "kid": "k1", "crit": ["b64"], "b64": false});
    let told = refusal(fake.login(|claims| fake.sign(&crit, &claims)));
    assert!(told.contains("no signed token"), "{told}");
    let told = refusal(fake.login(|claims| {
        let token = fake.sign(&usual_header(), &claims);
        let (message, signature) = token.rsplit_once('.').unwrap();
        let (header, _) = message.split_once('.').unwrap();
        format!(
            "{header}.{}.{signature}",
            encoded(json!({"sub": "root"}).to_string())
        )
    }));
    assert!(told.contains("a wrong signature"), "{told}");
    for token in ["", "a", "a.b", "a.b.c", "....", &"x".repeat(70_000)] {
        let told = refusal(fake.login(|_| token.to_owned()));
        assert!(told.contains("no signed token"), "{token:.9}: {told}");
    }
}

#[test]
fn a_provider_may_change_its_keys() {
    let (mut fake, driver) = (Fake::new(), Oidc::new(&settings()).unwrap());
    let first = login_at(&driver, fake.context(), |claims| {
        fake.sign(&usual_header(), &claims)
    });
    assert!(first.is_ok(), "{first:?}");
    let next = new_key();
    fake.keys = json!({"keys": [jwk(&next, "k2")]});
    let header = json!({"alg": "ES256", "kid": "k2"});
    let second = login_at(&driver, fake.context(), |claims| {
        sign(&next, &header, &claims)
    });
    assert!(second.is_ok(), "{second:?}");
}

#[test]
fn only_what_this_browser_began_is_completed() {
    let fake = Fake::new();
    let context = fake.context();
    let driver = Oidc::new(&settings()).unwrap();
    let begun = block_on(driver.begin(&context, CALLBACK)).unwrap();
    let other = block_on(driver.begin(&context, CALLBACK)).unwrap();
    let complete = |query: &BTreeMap<String, String>, kept: &Secret<String>| {
        refusal(block_on(driver.complete(&context, CALLBACK, query, kept)))
    };
    let state = query_of(&begun.url)["state"].clone();
    assert!(complete(&answer(&state), &other.kept).contains("the state"));
    assert!(complete(&BTreeMap::new(), &begun.kept).contains("the state"));
    let nothing = Secret::new(String::new());
    assert!(complete(&answer(&state), &nothing).contains("not begun by this browser"));
    let mut denied = answer(&state);
    denied.insert("error".to_owned(), "access_denied\r\n".to_owned());
    assert!(complete(&denied, &begun.kept).ends_with("answered access_denied"));
    let mut foreign = answer(&state);
    foreign.insert("iss".to_owned(), "https://evil.example.com".to_owned());
    assert!(complete(&foreign, &begun.kept).contains("another provider"));
    assert!(
        context.requests().len() == 2,
        "no code was shown to anybody"
    );
}

#[test]
fn a_document_for_another_issuer_or_without_tls_is_not_used() {
    let mut fake = Fake::new();
    let driver = Oidc::new(&settings()).unwrap();
    fake.document["issuer"] = json!("https://id.example.com/");
    let failed = block_on(driver.begin(&fake.context(), CALLBACK)).unwrap_err();
    assert!(failed.to_string().contains("another issuer"), "{failed}");
    fake.document["issuer"] = json!(ISSUER);
    fake.document["token_endpoint"] = json!("http://id.example.com/token");
    let failed = block_on(driver.begin(&fake.context(), CALLBACK)).unwrap_err();
    assert!(failed.to_string().contains("without TLS"), "{failed}");
}

#[test]
fn userinfo_adds_but_does_not_replace() {
    let mut fake = Fake::new();
    let endpoint = format!("{ISSUER}/userinfo");
    fake.document["userinfo_endpoint"] = json!(endpoint);
    let driver = Oidc::new(&settings()).unwrap();
    let about = |subject: &str| {
        let more = json!({"sub": subject, "given_name": "Maria", "email": "other@example.com"});
        fake.context().at(&endpoint, 200, &more.to_string())
    };
    let login = |context| {
        login_at(&driver, context, |claims| {
            fake.sign(&usual_header(), &claims)
        })
    };
    let identity = login(about("248289761001")).unwrap();
    assert_eq!(
        (identity.first_name.as_str(), identity.email.as_str()),
        ("Maria", "maria@example.com")
    );
    assert!(refusal(login(about("1"))).contains("somebody else"));
}

#[test]
fn sections_that_cannot_work_are_refused_without_telling_them() {
    for section in [
        "~",
        "{client_id: me}",
        "{issuer: id.example.com, client_id: me}",
        "{issuer: 'https://id.example.com'}",
        "{issuer: 'https://id.example.com', client_id: me, client_secret: [s3cret]}",
        "{issuer: 'https://id.example.com', client_id: me, client_sekret: s3cret}",
    ] {
        let settings = parse(&format!("{SECTION}: {section}")).unwrap().settings;
        let error = Oidc::new(&settings).unwrap_err().to_string();
        assert!(
            error.contains(SECTION) && !error.contains("s3cret"),
            "{error}"
        );
    }
}
