//! Forged access tokens, one kind a line (`reliability.md` E5).

use konveksi_identity::{Identity, IdentitySigner};
use konveksi_kernel::SteeredClock;
use serde_json::{Value, json};

use super::*;

struct Bench {
    tokens: AccessTokens,
    pair: KeyPair,
    clock: Arc<SteeredClock>,
}

fn bench() -> Bench {
    let clock = Arc::new(SteeredClock::default());
    let pair = KeyPair::generate().unwrap();
    let tokens = AccessTokens::new(&pair.private_base64, clock.clone()).unwrap();
    Bench { tokens, pair, clock }
}

impl Bench {
    fn claims(&self) -> Value {
        let now = self.clock.now().timestamp();
        json!({ "typ": "access", "iss": ISSUER, "aud": AUDIENCE, "sub": "7",
                "sid": SessionId::generate(&*self.clock), "iat": now, "exp": now + 600 })
    }

    fn signed(&self, header: &Header, claims: &Value) -> String {
        let private = STANDARD.decode(&self.pair.private_base64).unwrap();
        jsonwebtoken::encode(header, claims, &EncodingKey::from_ed_der(&private)).unwrap()
    }

    fn with(&self, key: &str, value: Value) -> String {
        let mut claims = self.claims();
        claims[key] = value;
        self.signed(&Header::new(Algorithm::EdDSA), &claims)
    }

    fn without(&self, key: &str) -> String {
        let mut claims = self.claims();
        claims.as_object_mut().unwrap().remove(key);
        self.signed(&Header::new(Algorithm::EdDSA), &claims)
    }
}

fn part(value: &Value) -> String {
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string())
}

#[test]
fn our_own_token_is_read_until_its_hour_is_over() {
    let bench = bench();
    let session = SessionId::generate(&*bench.clock);
    let token = bench.tokens.make(UserId(7), session).unwrap();
    assert_eq!(token.split('.').count(), 3);
    assert_eq!(bench.tokens.read(&token), Ok((UserId(7), session)));
    bench.clock.advance(Duration::minutes(60));
    assert_eq!(bench.tokens.read(&token), Err(BadToken));
}

#[test]
fn forged_tokens_are_refused() {
    let bench = bench();
    let good = bench.signed(&Header::new(Algorithm::EdDSA), &bench.claims());
    assert!(bench.tokens.read(&good).is_ok(), "the honest twin of the forged ones");
    let public = STANDARD.decode(&bench.pair.public_base64).unwrap();
    let by_public_key = |secret: &[u8]| {
        let header = Header::new(Algorithm::HS256);
        jsonwebtoken::encode(&header, &bench.claims(), &EncodingKey::from_secret(secret)).unwrap()
    };
    let unsigned =
        |alg: &str| format!("{}.{}.", part(&json!({ "alg": alg })), part(&bench.claims()));
    let (head, rest) = good.split_once('.').unwrap();
    let (body, signature) = rest.split_once('.').unwrap();
    let other_body = part(&json!({ "sub": "1" }));
    let now = bench.clock.now().timestamp();
    let forged = [
        ("empty", String::new()),
        ("two parts", format!("{head}.{body}")),
        ("no parts", "hello".to_owned()),
        ("alg none", unsigned("none")),
        ("alg None", unsigned("None")),
        ("alg EdDSA unsigned", unsigned("EdDSA")),
        ("HS256 with the public key", by_public_key(&public)),
        ("HS256 with the public key as text", by_public_key(bench.pair.public_base64.as_bytes())),
        ("another body", format!("{head}.{other_body}.{signature}")),
        (
            "another head",
            format!("{}.{body}.{signature}", part(&json!({ "alg": "EdDSA", "x": 1 }))),
        ),
        ("cut signature", good.chars().take(good.len() - 2).collect()),
        ("stranger's key", self::bench().signed(&Header::new(Algorithm::EdDSA), &bench.claims())),
        ("another audience", bench.with("aud", json!("order"))),
        ("no audience", bench.without("aud")),
        ("another issuer", bench.with("iss", json!("elsewhere"))),
        ("no issuer", bench.without("iss")),
        ("a refresh token's type", bench.with("typ", json!("refresh"))),
        ("no type", bench.without("typ")),
        ("expired", bench.with("exp", json!(now - 1))),
        ("no expiry", bench.without("exp")),
        ("expiry as text", bench.with("exp", json!("tomorrow"))),
        ("from the future", bench.with("iat", json!(now + 3_600))),
        ("no session", bench.without("sid")),
        ("a session that is no id", bench.with("sid", json!("1"))),
        ("a user that is no number", bench.with("sub", json!("admin"))),
    ];
    assert_eq!(forged.len(), 25);
    for (kind, token) in forged {
        assert_eq!(bench.tokens.read(&token), Err(BadToken), "{kind}");
    }
}

#[test]
fn keys_that_a_token_brings_along_are_ignored() {
    let bench = bench();
    let mut header = Header::new(Algorithm::EdDSA);
    header.jku = Some("https://evil.example/keys".to_owned());
    header.kid = Some("../../evil".to_owned());
    let stranger = self::bench();
    assert_eq!(bench.tokens.read(&stranger.signed(&header, &bench.claims())), Err(BadToken));
}

#[test]
fn a_statement_for_a_service_is_no_access_token() {
    let bench = bench();
    let signer = IdentitySigner::new(&bench.pair.private_base64, bench.clock.clone()).unwrap();
    let statement = signer.sign(&Identity::system(), "order").unwrap();
    assert_eq!(bench.tokens.read(&statement), Err(BadToken));
}
