//! A database of its own for each test, made from a template that is migrated once.

mod admin;
mod template;

use konveksi_db::Plan;

use crate::servers::random_word;
use admin::Admin;

/// What the template is migrated with: the plan of one service.
pub type TestPlan<'a> = Plan<'a>;

/// One test's own database with one service's schema; dropped with the value.
pub struct TestDatabase {
    name: String,
    schema: String,
    role: String,
}

impl TestDatabase {
    /// Makes a database with the schema of `plan`. The template behind it is made by whichever
    /// test comes first, and again for each new build of the test binary.
    ///
    /// # Panics
    /// When `TEST_DATABASE_URL` is not set, the server does not answer, or a migration fails.
    pub async fn create(plan: TestPlan<'_>) -> TestDatabase {
        let (schema, role) = (plan.schema.to_owned(), plan.role.to_owned());
        let template = template::ensure(plan).await;
        let name = format!("kvt_{}_{}", admin::epoch(), random_word());
        let mut admin = Admin::connect().await;
        admin.copy(&template, &name).await;
        TestDatabase { name, schema, role }
    }

    /// The database as the service's own role sees it: its rights, its schema.
    pub fn url(&self) -> String {
        let options = format!("-c role={} -c search_path={}", self.role, self.schema);
        admin::url_with_options(&self.name, &options)
    }

    /// The database as its owner sees it, with the service's schema in the search path.
    pub fn admin_url(&self) -> String {
        admin::url_with_options(&self.name, &format!("-c search_path={}", self.schema))
    }

    /// The database's owner without any schema chosen: what a migrator gets.
    pub fn migrator_url(&self) -> String {
        admin::url_of(&self.name)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        admin::drop_in_the_background(self.name.clone());
    }
}
