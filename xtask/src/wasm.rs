//! `cargo xtask wasm`: the libraries in a browser and in Node.

mod page;
mod tools;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};

use anyhow::{Context as _, ensure};
use clap::ValueEnum;
use serde::Deserialize;

use crate::workspace;
use tools::{TARGET, Tools};

/// The exit code where this machine cannot compile to WebAssembly.
const NOT_HERE: u8 = 3;

/// The libraries, and the features with which they stand in a browser.
const LIBRARIES: [(&str, &str); 9] = [
    ("http-hints", ""),
    ("job-watch", "serde,stream"),
    ("file-save", ""),
    ("job-waiter", "save"),
    (
        "civitai-api",
        "audio,comfy,image,limits,media,models,text,training,v1,video",
    ),
    (
        "civitai-jobs",
        "audio,comfy,image,media,models,text,training,video",
    ),
    ("serika-api", "limits,watch"),
    ("photogpt-api", "limits,watch"),
    ("browser-example", ""),
];

/// What must not come along: sockets, TLS and files of the system.
const ELSEWHERE: [&str; 6] = ["hyper", "mio", "ring", "rustls", "socket2", "tempfile"];

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Compile the libraries, without files, TLS and timers of tokio.
    Check,
    /// Let Node wait for a workflow of a simulator.
    Node,
    /// Open the example page in a headless Chromium and look for the picture.
    Page,
}

/// Does these parts, or all of them.
pub(crate) fn run(parts: &[Part]) -> anyhow::Result<ExitCode> {
    let root = workspace::root();
    let Some(tools) = Tools::find(&root)? else {
        eprintln!(
            "not done: no rustc here has the target {TARGET}; run `rustup target add {TARGET}`, or name one \
             that has it in WASM_RUSTC"
        );
        return Ok(ExitCode::from(NOT_HERE));
    };
    let wanted = |part| parts.is_empty() || parts.contains(&part);
    if wanted(Part::Check) {
        check(&root, &tools)?;
    }
    if !wanted(Part::Node) && !wanted(Part::Page) {
        return Ok(ExitCode::SUCCESS);
    }
    let example = root.join("crates/civitai-jobs/examples/browser");
    let folder = tools.bindings(&root)?;
    fs::copy(example.join("index.html"), folder.join("index.html"))?;
    // Node reads a module of the web as one.
    fs::write(folder.join("package.json"), r#"{"type": "module"}"#)?;
    let (_simulator, ready) = Simulator::start(&root)?;
    if wanted(Part::Node) {
        let mut node = Command::new("node");
        node.arg(example.join("check.mjs")).arg(&folder);
        node.args([&ready.api, &ready.token]);
        let status = node
            .status()
            .context("node cannot be started; it must be installed")?;
        ensure!(status.success(), "node did not get its picture");
        println!("node waited for a workflow");
    }
    if wanted(Part::Page) {
        page::look(&folder, &ready)?;
        println!("chromium showed the picture");
    }
    Ok(ExitCode::SUCCESS)
}

/// Compiles each library alone, so that none lives on features of another.
fn check(root: &Path, tools: &Tools) -> anyhow::Result<()> {
    for (library, features) in LIBRARIES {
        let chosen = [
            "-p",
            library,
            "--no-default-features",
            "--features",
            features,
        ];
        let mut cargo = tools.cargo(root, "check");
        cargo.args(chosen);
        ensure!(
            cargo.status()?.success(),
            "{library} does not compile for {TARGET}"
        );
        let tree = Command::new("cargo")
            .args([
                "tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}",
            ])
            .args(["--target", TARGET])
            .args(chosen)
            .current_dir(root)
            .output()?;
        let tree = String::from_utf8_lossy(&tree.stdout).into_owned();
        let mut names = tree.lines().filter_map(|line| line.split(' ').next());
        let found = names.find(|name| ELSEWHERE.contains(name));
        ensure!(
            found.is_none(),
            "{library} brings {} along, which no browser has",
            found.unwrap_or_default()
        );
        println!("{library} compiles");
    }
    Ok(())
}

/// A simulator that ends when it is dropped.
struct Simulator(Child);

/// Its first line.
#[derive(Deserialize)]
struct Ready {
    api: String,
    token: String,
}

impl Simulator {
    fn start(root: &Path) -> anyhow::Result<(Self, Ready)> {
        let built = Command::new("cargo")
            .args(["build", "--quiet", "--locked", "-p", "civitai-sim"])
            .current_dir(root)
            .status()?;
        ensure!(built.success(), "the simulator does not compile");
        let mut child = Command::new(root.join("target/debug/civitai-sim"))
            .args(["--port", "0", "--speed", "100"])
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = child.stdout.take();
        let simulator = Self(child);
        let mut line = String::new();
        let stdout = stdout.context("the simulator has no output")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let ready = serde_json::from_str(&line).context("the simulator did not start")?;
        Ok((simulator, ready))
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
