//! The table's own checks, and two lists for review: everything, and what needs no login.

use super::*;
use crate::edge::path::segments;

#[test]
fn no_row_is_hidden_behind_an_earlier_one() {
    for (index, later) in ROUTES.iter().enumerate() {
        let path = segments(later.pattern);
        for earlier in &ROUTES[..index] {
            if earlier.verb != later.verb {
                continue;
            }
            let pattern = segments(earlier.pattern);
            let covers = pattern.len() == path.len()
                && pattern.iter().zip(&path).all(|(a, b)| a.starts_with('{') || a == b);
            assert!(!covers, "{} hides {}", earlier.pattern, later.pattern);
        }
    }
}

#[test]
fn patterns_are_written_one_way() {
    for route in ROUTES {
        assert!(route.pattern.starts_with('/'), "{}", route.pattern);
        assert!(route.pattern == "/" || !route.pattern.ends_with('/'), "{}", route.pattern);
        assert!(!route.summary.is_empty());
    }
}

#[test]
fn nothing_unsafe_is_public_but_what_the_contract_says() {
    let public: Vec<&str> = ROUTES
        .iter()
        .filter(|route| route.verb != Verb::Get && route.access == Access::Public)
        .map(|route| route.pattern)
        .collect();
    assert_eq!(
        public,
        [
            "/api/v1/auth/login",
            "/api/v1/auth/logout",
            "/api/v1/auth/refresh",
            "/api/v1/order",
            "/api/v1/track/{token}/payment-proof",
            "/api/v1/media/upload-design",
        ]
    );
}

fn line(route: &Route) -> String {
    let target = match route.target {
        Target::Forward(service) => format!("forward to {}", service.name()),
        Target::Compose(_) => "compose".to_owned(),
        Target::Local(_) => "local".to_owned(),
        Target::Socket(feed) => format!("socket {feed:?}"),
    };
    format!(
        "{:6} {:60} {:24} {:8} {}",
        route.verb.name(),
        route.pattern,
        format!("{:?}", route.access),
        format!("{:?}", route.limit),
        target
    )
}

#[test]
fn the_public_surface_is_reviewed() {
    let lines: Vec<String> = ROUTES.iter().map(line).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn routes_without_a_login_are_reviewed() {
    let lines: Vec<String> = ROUTES
        .iter()
        .filter(|route| !matches!(route.access, Access::Staff(_) | Access::AnyStaff))
        .map(|route| format!("{:6} {}", route.verb.name(), route.pattern))
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}
