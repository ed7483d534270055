//! `cargo xtask normalise`: a contract as one document for ordinary tools.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use codegen::Overrides;

use crate::workspace;

/// Writes a contract to a file, or to the standard output for `-`.
pub(crate) fn run(name: &str, out: &Path) -> anyhow::Result<ExitCode> {
    let root = workspace::root();
    let contracts = workspace::contracts(&root)?;
    let Some(contract) = contracts.iter().find(|contract| contract.name == name) else {
        eprintln!("{}", workspace::unknown(name, &contracts));
        return Ok(ExitCode::from(workspace::WRONG_ARGUMENTS));
    };
    let overrides = Overrides::load(&root.join("openapi/overrides.toml"))?;
    let doc = codegen::load(&root.join("openapi").join(&contract.root))?;
    let made = codegen::normalised(doc, name, &overrides)?;
    let mut text = serde_json::to_string_pretty(&made.document)
        .context("the document cannot be written as JSON")?;
    text.push('\n');
    if !made.notes.is_empty() {
        eprintln!("{}", made.notes.render(name));
    }
    if out == Path::new("-") {
        return match std::io::stdout().write_all(text.as_bytes()) {
            // Whoever reads has seen enough, as `head` has.
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                Err(error).context("the standard output cannot be written")
            }
            _ => Ok(ExitCode::SUCCESS),
        };
    }
    std::fs::write(out, &text).with_context(|| {
        format!(
            "{} cannot be written; name a file in a folder that exists and is yours to write to",
            out.display()
        )
    })?;
    println!("wrote {}", out.display());
    Ok(ExitCode::SUCCESS)
}
