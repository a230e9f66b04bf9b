//! Who may look.

use konveksi_identity::Role;

use crate::support::World;

const PATH: &str = "/api/v1/admin/dashboard/stats/";

#[tokio::test(flavor = "multi_thread")]
async fn only_roles_that_read_reports_see_the_figures() {
    let world = World::start().await;
    for (role, wanted) in [
        (Role::Owner, 200),
        (Role::Admin, 200),
        (Role::Finance, 200),
        (Role::Viewer, 200),
        (Role::Production, 403),
    ] {
        let identity = world.identity.staff("analytics", role);
        assert_eq!(world.get(PATH, Some(identity)).await.0, wanted, "{role:?}");
    }
    let anonymous = world.identity.anonymous("analytics");
    assert_eq!(world.get(PATH, Some(anonymous)).await.0, 401);
    assert_eq!(world.get(PATH, None).await.0, 401);
    let elsewhere = world.identity.staff("payment", Role::Owner);
    assert_eq!(world.get(PATH, Some(elsewhere)).await.0, 401, "signed for another service");
}

#[tokio::test(flavor = "multi_thread")]
async fn both_slash_forms_answer_and_unknown_paths_do_not() {
    let world = World::start().await;
    let owner = || Some(world.identity.staff("analytics", Role::Owner));
    assert_eq!(world.get(PATH.trim_end_matches('/'), owner()).await.0, 200);
    let (status, body) = world.get("/api/v1/admin/dashboard/", owner()).await;
    assert_eq!((status, body["error_code"].as_str()), (404, Some("NOT_FOUND")));
}

#[tokio::test(flavor = "multi_thread")]
async fn health_is_open_and_tells_of_the_database() {
    let world = World::start().await;
    assert_eq!(world.get("/internal/health/live", None).await.0, 200);
    let (status, body) = world.get("/internal/health/ready", None).await;
    assert_eq!((status, body["checks"]["database"].as_str()), (200, Some("connected")));
}
