//! What compiles to WebAssembly on this machine.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};

pub(super) const TARGET: &str = "wasm32-unknown-unknown";

/// A compiler that has the target.
pub(super) struct Tools {
    rustc: String,
}

impl Tools {
    /// Looks at the compiler named by `WASM_RUSTC`, or else at the usual one; none where it lacks the target.
    pub(super) fn find(root: &Path) -> anyhow::Result<Option<Self>> {
        let rustc = env::var("WASM_RUSTC").unwrap_or_else(|_| "rustc".to_owned());
        let said = Command::new(&rustc)
            .args(["--print", "target-libdir", "--target", TARGET])
            .current_dir(root)
            .output()
            .with_context(|| format!("`{rustc}` cannot be started"))?;
        let folder = PathBuf::from(String::from_utf8_lossy(&said.stdout).trim());
        Ok(folder.is_dir().then_some(Self { rustc }))
    }

    /// Cargo, for this target and in a target folder of its own: the compiler may be another.
    pub(super) fn cargo(&self, root: &Path, what: &str) -> Command {
        let mut cargo = Command::new("cargo");
        cargo.args([what, "--quiet", "--locked", "--target", TARGET]);
        cargo.args(["--target-dir", "target/wasm"]);
        cargo.env("RUSTC", &self.rustc).current_dir(root);
        cargo
    }

    /// Builds the example and its bindings, and returns the folder that they are in.
    pub(super) fn bindings(&self, root: &Path) -> anyhow::Result<PathBuf> {
        let mut cargo = self.cargo(root, "build");
        cargo.args(["-p", "browser-example"]);
        ensure!(cargo.status()?.success(), "the example does not compile");
        let folder = root.join("target/wasm/page");
        let made = root
            .join("target/wasm")
            .join(TARGET)
            .join("debug/browser.wasm");
        let status = Command::new(bindgen(root)?)
            .args(["--target", "web", "--out-dir"])
            .args([&folder, &made])
            .status()?;
        ensure!(status.success(), "wasm-bindgen has failed");
        Ok(folder)
    }
}

/// A `wasm-bindgen` of the version that the library has; another would not understand it. It is installed
/// where there is none.
fn bindgen(root: &Path) -> anyhow::Result<PathBuf> {
    let lock = fs::read_to_string(root.join("Cargo.lock"))?;
    let lock: toml::Table = lock.parse()?;
    let packages = lock.get("package").and_then(toml::Value::as_array);
    let text =
        |package: &toml::Value, member: &str| Some(package.get(member)?.as_str()?.to_owned());
    let version = packages.into_iter().flatten().find_map(|package| {
        let is_it = text(package, "name")? == "wasm-bindgen";
        text(package, "version").filter(|_| is_it)
    });
    let version = version.context("Cargo.lock does not know wasm-bindgen")?;
    let tools = root.join("target/wasm-bindgen");
    for program in [
        PathBuf::from("wasm-bindgen"),
        tools.join("bin/wasm-bindgen"),
    ] {
        let said = Command::new(&program).arg("--version").output();
        let said = said.map(|said| String::from_utf8_lossy(&said.stdout).into_owned());
        if said.is_ok_and(|said| said.trim() == format!("wasm-bindgen {version}")) {
            return Ok(program);
        }
    }
    println!("installing wasm-bindgen {version}");
    let status = Command::new("cargo")
        .args([
            "install",
            "--quiet",
            "wasm-bindgen-cli",
            "--version",
            &version,
            "--root",
        ])
        .arg(&tools)
        .status()?;
    ensure!(
        status.success(),
        "wasm-bindgen-cli {version} cannot be installed"
    );
    Ok(tools.join("bin/wasm-bindgen"))
}
