//! The plans PostgreSQL chose for the statements as the service sent them: `auto_explain` writes
//! them to the server's log, from which they are read.

use anyhow::{Context as _, Result};

use super::cases::CASES;
use crate::measure::Bench;

/// For new sessions of the service; those it has are ended.
const ON: &str = "
    ALTER ROLE order_svc SET session_preload_libraries = 'auto_explain';
    ALTER ROLE order_svc SET auto_explain.log_min_duration = 0;
    ALTER ROLE order_svc SET auto_explain.log_analyze = on;
    ALTER ROLE order_svc SET auto_explain.log_buffers = on;
    ALTER ROLE order_svc SET auto_explain.log_parameter_max_length = 200";
const OFF: &str = "
    ALTER ROLE order_svc RESET session_preload_libraries;
    ALTER ROLE order_svc RESET auto_explain.log_min_duration;
    ALTER ROLE order_svc RESET auto_explain.log_analyze;
    ALTER ROLE order_svc RESET auto_explain.log_buffers;
    ALTER ROLE order_svc RESET auto_explain.log_parameter_max_length";
const END_SESSIONS: &str = "SELECT count(pg_terminate_backend(pid)) AS number FROM pg_stat_activity WHERE usename = 'order_svc'";
/// Statements that read lists.
const OURS: [&str; 4] = ["order_rollup", "FROM orders", "FROM customers", "search_words"];

/// The plans of one case.
pub(super) struct Plans {
    /// Which.
    pub(super) case: &'static str,
    /// As PostgreSQL wrote them, each with its statement.
    pub(super) plans: Vec<String>,
}

/// Asks each case once with the log on.
///
/// # Errors
/// When the log cannot be read.
pub(super) async fn plans(bench: &mut Bench) -> Result<Vec<Plans>> {
    switch(bench, ON).await?;
    let mut all = Vec::new();
    for case in CASES {
        bench.database.change(super::NEW_VERSION).await?;
        let before = log(bench)?.len();
        bench.api.read_list(case.path, case.query).await?;
        let text = log(bench)?;
        let new = text.get(before..).unwrap_or_default();
        all.push(Plans { case: case.name, plans: read(new) });
    }
    switch(bench, OFF).await?;
    Ok(all)
}

async fn switch(bench: &mut Bench, statements: &str) -> Result<()> {
    for statement in statements.split(';') {
        bench.database.change(statement).await?;
    }
    bench.database.number(END_SESSIONS).await?;
    // Connections that were ended are found out by being used.
    for _ in 0..40 {
        if bench.api.read_list("/api/v1/admin/orders/", "page=1").await.is_err() {
            crate::load::rest(std::time::Duration::from_millis(100)).await;
        }
        bench.database.change(super::NEW_VERSION).await?;
    }
    Ok(())
}

fn log(bench: &Bench) -> Result<String> {
    let path = bench.system.servers().join("logs/postgres.log");
    let bytes = std::fs::read(&path).with_context(|| format!("{} is not there", path.display()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The plans in a piece of the log. A line that goes on begins with a tab.
fn read(text: &str) -> Vec<String> {
    let mut plans: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix('\t').filter(|_| open) {
            if let Some(plan) = plans.last_mut() {
                plan.push('\n');
                plan.push_str(rest);
            }
        } else {
            open = line.contains("plan:");
            if open {
                plans.push(String::new());
            }
        }
    }
    let is_ours = |plan: &String| OURS.iter().any(|word| plan.contains(word));
    let by_version = |plan: &String| plan.contains("FROM order_changes_folded");
    plans
        .retain(|plan| is_ours(plan) && !by_version(plan) && !plan.contains("orders_fold_changes"));
    plans.into_iter().map(|plan| squeezed(plan.trim())).collect()
}

/// Statements are written over many indented lines in the code; here one blank is enough.
fn squeezed(plan: &str) -> String {
    let Some((statement, tree)) = plan.split_once('\n') else { return plan.to_owned() };
    let (head, rest): (Vec<&str>, Vec<&str>) = plan.lines().partition(|line| !is_of_tree(line));
    if rest.is_empty() {
        return format!("{statement}\n{tree}");
    }
    let head = head.iter().flat_map(|line| line.split_whitespace()).collect::<Vec<_>>().join(" ");
    format!("{}\n{}", folded(&head), rest.join("\n"))
}

/// Lines of a plan name its costs or belong to a node.
fn is_of_tree(line: &str) -> bool {
    let text = line.trim_start();
    line.contains("(cost=")
        || [
            "Sort Key",
            "Sort Method",
            "Filter:",
            "Rows Removed",
            "Index Cond",
            "Recheck Cond",
            "Heap",
            "Buffers",
            "Group Key",
            "Hash",
            "Batches",
            "Workers",
            "Worker ",
            "Join Filter",
            "Function",
            "InitPlan",
            "SubPlan",
            "Presorted",
            "Full-sort",
            "Merge",
            "Cache",
            "Hits",
            "One-Time",
            "Inner Unique",
            "JIT",
            "I/O",
            "Subplans",
            "Chunk",
        ]
        .iter()
        .any(|begin| text.starts_with(begin))
}

/// In lines of at most a hundred and ten characters.
fn folded(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.len() + 1 + word.len() <= 110 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_are_read_from_the_log() {
        let log = "x LOG:  duration: 1 ms  plan:\n\tQuery Text: SELECT 1\n\t  FROM orders\n\tSeq Scan on orders  (cost=0..1)\n\t  Filter: x\ny LOG: other\n\tnothing\n";
        assert_eq!(
            read(log),
            ["Query Text: SELECT 1 FROM orders\nSeq Scan on orders  (cost=0..1)\n  Filter: x"]
        );
    }
}
