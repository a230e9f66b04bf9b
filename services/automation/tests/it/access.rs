//! Who may look, and what is refused.

use konveksi_identity::Role;

use crate::support::{PATH, World};

#[tokio::test(flavor = "multi_thread")]
async fn only_staff_see_the_log() {
    let world = World::start().await;
    for role in Role::ALL {
        let identity = world.identity.staff("automation", role);
        assert_eq!(world.get(PATH, Some(identity)).await.0, 200, "{role:?}");
    }
    let anonymous = world.identity.anonymous("automation");
    assert_eq!(world.get(PATH, Some(anonymous)).await.0, 403);
    assert_eq!(world.get(PATH, None).await.0, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_queries_are_named() {
    let world = World::start().await;
    for (query, field) in [
        ("?type=order.exploded.v1", "type"),
        ("?page=0", "page"),
        ("?page=all", "page"),
        ("?page_size=-1", "page_size"),
    ] {
        let (status, body) = world.log(query).await;
        assert_eq!(status, 400, "{query}");
        assert!(body["details"][field].is_array(), "{query}: {body}");
    }
    let (status, body) = world.log("?page=2").await;
    assert_eq!((status, body["error_code"].as_str()), (404, Some("PAGE_NOT_FOUND")));
    assert_eq!(world.log("?page_size=1000").await.0, 200, "too large is cut, not refused");
}
