//! `cargo xtask judge`: tools that others made judge the contracts and the simulator.
//!
//! Each judge is a program below `xtask/judges`. The tools come from PyPI and npm at the versions that are
//! written there, into `target/judges`; the simulator runs while a judge does that asks it.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};

use anyhow::{Context as _, bail, ensure};
use serde::Deserialize;

use crate::{normalise, workspace};

/// What there is: the name, which is that of its program too, and what it says.
const JUDGES: [(&str, &str); 6] = [
    (
        "validators",
        "Redocly and openapi-spec-validator find nothing in the normalised documents",
    ),
    (
        "generators",
        "openapi-typescript, @hey-api/openapi-ts and openapi-python-client read every operation",
    ),
    (
        "clients",
        "published clients of PyPI and npm submit, wait, fetch and cancel",
    ),
    (
        "schemathesis",
        "made-up requests get no status of 500, and no answer that breaks its schema",
    ),
    (
        "prism",
        "every example goes through a proxy that validates requests and answers",
    ),
    (
        "respect",
        "Redocly's runner of Arazzo documents runs the flows of all services",
    ),
];

/// The first line of the simulator.
#[derive(Deserialize)]
struct Ready {
    api: String,
    token: String,
}

/// Asks the judges of these names, or all of them, and fails where one finds something.
pub(crate) fn run(names: &[String]) -> anyhow::Result<ExitCode> {
    for name in names {
        if !JUDGES.iter().any(|(known, _)| known == name) {
            eprintln!("error: no judge is called `{name}`; there are:");
            for (known, what) in JUDGES {
                eprintln!("  {known:<13} {what}");
            }
            return Ok(ExitCode::from(workspace::WRONG_ARGUMENTS));
        }
    }
    let root = workspace::root();
    let folder = root.join("target/judges");
    fs::create_dir_all(&folder)?;
    install(&root.join("xtask/judges"), &folder)?;
    for contract in ["v1", "v2", "serika", "photogpt"] {
        normalise::run(contract, &folder.join(format!("{contract}.json")))?;
    }
    let (mut simulator, ready) = start(&root)?;
    let mut found = Vec::new();
    let asked = JUDGES.iter().map(|(name, _)| *name);
    for name in asked.filter(|name| names.is_empty() || names.iter().any(|asked| asked == name)) {
        println!("\n== {name}");
        let status = Command::new(folder.join("python/bin/python"))
            .arg(root.join(format!("xtask/judges/{name}.py")))
            .current_dir(&folder)
            .env("JUDGES", &folder)
            .env("API", &ready.api)
            .env("TOKEN", &ready.token)
            .status();
        if !status.is_ok_and(|status| status.success()) {
            found.push(name);
        }
    }
    // It has nothing to save.
    simulator.kill()?;
    simulator.wait()?;
    if found.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    println!("\nfound something: {}", found.join(", "));
    Ok(ExitCode::FAILURE)
}

/// Installs the tools, unless they are there at these versions.
fn install(from: &Path, folder: &Path) -> anyhow::Result<()> {
    let (python, node) = (folder.join("python"), folder.join("node"));
    let wanted = from.join("requirements.txt");
    if is_new(&wanted, &python.join("requirements.txt"))? {
        call(Command::new("python3").args(["-m", "venv"]).arg(&python))?;
        let pip = python.join("bin/pip");
        call(
            Command::new(pip)
                .args(["install", "--quiet", "--requirement"])
                .arg(&wanted),
        )?;
        fs::copy(&wanted, python.join("requirements.txt"))?;
    }
    let wanted = from.join("package.json");
    if is_new(&wanted, &node.join("installed.json"))? {
        fs::create_dir_all(&node)?;
        fs::copy(&wanted, node.join("package.json"))?;
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--loglevel=error"]);
        call(npm.current_dir(&node))?;
        fs::copy(&wanted, node.join("installed.json"))?;
    }
    Ok(())
}

fn is_new(wanted: &Path, installed: &Path) -> anyhow::Result<bool> {
    let wanted =
        fs::read(wanted).with_context(|| format!("{} cannot be read", wanted.display()))?;
    Ok(!fs::read(installed).is_ok_and(|installed| installed == wanted))
}

/// Starts the simulator, as fast as it can and with more Buzz than all judges spend.
fn start(root: &Path) -> anyhow::Result<(Child, Ready)> {
    call(
        Command::new(env!("CARGO"))
            .args(["build", "--package", "civitai-sim"])
            .current_dir(root),
    )?;
    let mut simulator = Command::new(root.join("target/debug/civitai-sim"))
        .args(["--port", "0", "--speed", "max", "--buzz", "4000000"])
        .stdout(Stdio::piped())
        .spawn()
        .context("the simulator cannot be started")?;
    let mut line = String::new();
    let said = simulator
        .stdout
        .take()
        .context("the simulator says nothing")?;
    BufReader::new(said).read_line(&mut line)?;
    let ready = serde_json::from_str(&line).context("the simulator is not ready")?;
    Ok((simulator, ready))
}

fn call(command: &mut Command) -> anyhow::Result<()> {
    let shown = format!("{command:?}");
    let status = command.status();
    let Ok(status) = status else {
        bail!("{shown} cannot be run; python3 with venv, Node and npm must be there");
    };
    ensure!(status.success(), "{shown} failed");
    Ok(())
}
