//! `docs/benchmarks.md`: the machine, a table of the figures, and how each came about.

use crate::measure::Section;

const OPENING: &str = "\
# Benchmarks

Written by `make bench` (`tests/bench`, which also holds the remarks). Nothing here is a test: a
machine that is busy with something else gives other figures. PostgreSQL, RabbitMQ, Redis, all
services, the sandbox and the clients share the same cores, so every figure is what is left over
for it. Tables of processor time tell who used them; a core has 100 %.
";

/// The whole document.
pub(crate) fn write(machine: &str, servers: &str, sections: &[Section]) -> String {
    let rows: Vec<String> = sections.iter().map(row).collect();
    let parts: Vec<String> = sections.iter().map(part).collect();
    format!(
        "{OPENING}\n## The machine\n\n{machine}\n\n{}\n## Figures\n\n\
         | figure | target | measured | |\n|---|---|---|---|\n{}\n{}",
        wrapped(servers),
        rows.join("\n"),
        parts.concat()
    )
}

fn row(section: &Section) -> String {
    let met = match section.met {
        Some(true) => "met",
        Some(false) => "**missed**",
        None => "",
    };
    format!("| {} | {} | {} | {met} |", section.title, section.target, section.measured)
}

fn part(section: &Section) -> String {
    let Section { title, target, measured, how, details, .. } = section;
    let details: Vec<String> = details.iter().map(|detail| format!("\n{detail}\n")).collect();
    let heading = if section.met == Some(false) { "What stands in the way" } else { "Remarks" };
    let remarks = match section.remarks.trim() {
        "" => String::new(),
        remarks => format!("\n### {heading}\n\n{remarks}\n"),
    };
    format!(
        "\n## {title}\n\nTarget {target}; measured: {measured}.\n\n{}{}{remarks}",
        wrapped(how),
        details.concat()
    )
}

/// A paragraph in lines of at most a hundred characters.
fn wrapped(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut();
        match line {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.len() + 1 + word.len() <= 100 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n") + "\n"
}
