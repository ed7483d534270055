//! Decodes the workflow in a file and encodes it again: the least that a program does with the types
//! of a crate. How long it takes to build is what is measured.

use std::io::Write as _;

use api::v2::types::Workflow;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args()
        .nth(1)
        .ok_or("name a file with a workflow")?;
    let workflow: Workflow = serde_json::from_slice(&std::fs::read(file)?)?;
    let text = serde_json::to_vec(&workflow)?;
    Ok(std::io::stdout().write_all(&text)?)
}
