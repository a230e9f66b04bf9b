//! `openapi.json` is what the handlers say. `REGENERATE=1` (by `make openapi`) rewrites it.

#[test]
#[expect(clippy::disallowed_methods, reason = "a tool's switch, not a setting")]
fn openapi_json_is_what_the_handlers_say() {
    // Cargo runs a test in its package's folder.
    let path = "openapi.json";
    let wanted = konveksi_media::openapi().to_pretty_json().unwrap() + "\n";
    if std::env::var("REGENERATE").is_ok() {
        std::fs::write(path, &wanted).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), wanted, "run `make openapi`");
}
