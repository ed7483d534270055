//! `cargo xtask drift`: our contract against a vendor's document.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use codegen::{Overrides, drift};

use crate::workspace;

/// Prints every difference in meaning that nothing explains, and says by the exit code whether
/// there is one.
pub(crate) fn run(name: &str, file: &Path, json: bool) -> anyhow::Result<ExitCode> {
    let root = workspace::root();
    let contracts = workspace::contracts(&root)?;
    let Some(contract) = contracts.iter().find(|contract| contract.name == name) else {
        eprintln!("{}", workspace::unknown(name, &contracts));
        return Ok(ExitCode::from(workspace::WRONG_ARGUMENTS));
    };
    let overrides = Overrides::load(&root.join("openapi/overrides.toml"))?.of(name);
    let ours = codegen::load(&root.join("openapi").join(&contract.root))?;
    let mut report = drift::compare(ours, codegen::load(file)?, &overrides)?;
    // Named from the root of the workspace, where the reader stands.
    let start = format!("{}/", root.display()).replace('\\', "/");
    for place in report.files_mut() {
        *place = place.strip_prefix(&start).unwrap_or(place).to_owned();
    }
    if json {
        let text = serde_json::to_string_pretty(&report.to_json());
        println!("{}", text.context("the report cannot be written as JSON")?);
    } else {
        println!("{report}");
    }
    Ok(if report.is_clean() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
