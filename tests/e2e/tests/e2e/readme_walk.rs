//! The README's walk is run as it is written.

use anyhow::{Context as _, Result, ensure};
use konveksi_e2e::Stack;
use tokio::process::Command;

/// The commands of the README's walk, only the addresses and the program's place exchanged for
/// those of the system under test.
fn walk(stack: &Stack) -> Result<String> {
    let readme = include_str!("../../../../README.md");
    let walk = readme.split("\n## ").find(|part| part.starts_with("A walk")).context("no walk")?;
    let blocks: Vec<&str> =
        walk.split("```sh\n").skip(1).filter_map(|part| part.split("```").next()).collect();
    ensure!(blocks.len() >= 5, "the walk has lost its commands");
    Ok(blocks
        .concat()
        .replace("http://localhost:8000", &stack.base("gateway")?)
        .replace(".konveksi/bin/konveksi", &stack.program()?))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_walk_of_the_readme_works_as_written() -> Result<()> {
    let stack = Stack::start().await?;
    let folder = tempfile::tempdir()?;
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", &walk(&stack)?])
        .current_dir(folder.path())
        .output()
        .await?;
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "{said}\n{complained}");
    for line in ["is lunas", "is dp_dibayar", "\"total_orders\"", "Siti Rahmawati"] {
        ensure!(said.contains(line), "no {line:?} in\n{said}\n{complained}");
    }
    let messages = stack.world()?.messages().await?;
    ensure!(messages.len() >= 2, "the customers were not written to: {messages:?}");
    Ok(())
}
