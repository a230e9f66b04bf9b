//! The template: one migrated database per service and build, copied for each test.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::SystemTime;

use konveksi_db::Plan;

use super::admin::{self, Admin};

/// Written as the comment of a template that is complete.
const COMPLETE: &str = "complete";
/// How long a template serves: within it the name stays the same, after it leftovers are swept.
const SERVES_SECONDS: u64 = 1_800;

/// Answers the name of the template for `plan`, making it if nobody has.
pub(super) async fn ensure(plan: Plan<'_>) -> String {
    let mut admin = Admin::connect().await;
    let build = build_mark(plan.schema);
    // Any number that is the same for all who would make this template.
    admin.lock(i64::from_ne_bytes(build.to_ne_bytes())).await;
    let age_class = admin::epoch() / SERVES_SECONDS * SERVES_SECONDS;
    let name = format!("kvtpl_{age_class}_{build:016x}");
    if admin.comment(&name).await.as_deref() == Some(COMPLETE) {
        return name;
    }
    admin.drop_leftovers().await;
    make_role(&mut admin, plan.role).await;
    let begun = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    admin.run(&begun).await.expect("an unfinished template can be dropped");
    admin.run(&format!("CREATE DATABASE {name}")).await.expect("a template can be made");
    konveksi_db::migrate(&admin::url_of(&name), plan).await.expect("the migrations run");
    let done = format!("COMMENT ON DATABASE {name} IS '{COMPLETE}'");
    admin.run(&done).await.expect("a template can be marked");
    name
}

/// Roles belong to the whole server, so another service's template may have made it.
async fn make_role(admin: &mut Admin, role: &str) {
    let statement = format!(
        "DO $$ BEGIN CREATE ROLE {role} LOGIN PASSWORD 'test';
         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    );
    admin.run(&statement).await.expect("a role can be made");
}

/// Differs between builds of the test binary, in which the migrations are embedded.
fn build_mark(schema: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    schema.hash(&mut hasher);
    if let Ok(binary) = std::env::current_exe() {
        let built = binary.metadata().and_then(|about| about.modified());
        built.unwrap_or(SystemTime::UNIX_EPOCH).hash(&mut hasher);
        binary.hash(&mut hasher);
    }
    hasher.finish()
}
