//! The migrations are embedded by a macro that cargo cannot see into: rebuild when they change.

fn main() {
    // Cargo reads its instructions from this program's output.
    println!("cargo:rerun-if-changed=migrations");
}
