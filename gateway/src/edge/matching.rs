//! Finds the route of a path. What no row of the table lists does not exist.

use crate::routes::{Route, Verb};

/// What a path and a verb lead to.
pub(crate) enum Found {
    /// This row, with what stands in its `{…}`.
    Route(&'static Route, Vec<String>),
    /// The path exists, but not with this verb; these verbs it has.
    OtherVerbs(Vec<Verb>),
    /// No row lists this path.
    Nothing,
}

/// Looks `segments` up; the first row that fits wins, so literal rows stand before open ones.
pub(crate) fn find(table: &'static [Route], verb: Option<Verb>, segments: &[&str]) -> Found {
    let mut others = Vec::new();
    for route in table {
        let Some(parameters) = fit(route.pattern, segments) else { continue };
        if Some(route.verb) == verb {
            return Found::Route(route, parameters);
        }
        if !others.contains(&route.verb) {
            others.push(route.verb);
        }
    }
    if others.is_empty() { Found::Nothing } else { Found::OtherVerbs(others) }
}

/// What stands in the pattern's `{…}`; `{rest*}` takes everything that is left, at least one.
fn fit(pattern: &str, segments: &[&str]) -> Option<Vec<String>> {
    let mut parameters = Vec::new();
    let mut rest = segments;
    for part in super::path::segments(pattern) {
        if part.ends_with("*}") {
            if rest.is_empty() {
                return None;
            }
            parameters.push(rest.join("/"));
            return Some(parameters);
        }
        let (segment, after) = rest.split_first()?;
        rest = after;
        if part.starts_with('{') {
            parameters.push((*segment).to_owned());
        } else if part != *segment {
            return None;
        }
    }
    rest.is_empty().then_some(parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_segment_by_segment() {
        let fits = |pattern, path: &str| fit(pattern, &super::super::path::segments(path));
        assert_eq!(fits("/api/v1/order/{id}", "/api/v1/order/7/"), Some(vec!["7".to_owned()]));
        assert_eq!(fits("/api/v1/order/{id}", "/api/v1/order/"), None);
        assert_eq!(fits("/api/v1/order/{id}", "/api/v1/order/7/audit/"), None);
        assert_eq!(fits("/media/{path*}", "/media/a/b.png"), Some(vec!["a/b.png".to_owned()]));
        assert_eq!(fits("/media/{path*}", "/media/"), None);
        assert_eq!(fits("/", "/"), Some(vec![]));
        assert_eq!(fits("/api/v1/order", "/api/v1/Order"), None);
    }
}
