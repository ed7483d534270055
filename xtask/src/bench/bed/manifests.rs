//! What the temporary workspace consists of, as manifests.

use std::path::Path;

use anyhow::Context as _;
use toml::{Table, Value};

use crate::workspace;

/// What plain progenitor's output needs. Its warnings are its own.
const PLAIN: &str = r#"
bytes.workspace = true
chrono.workspace = true
futures-core.workspace = true
progenitor-client.workspace = true
regress.workspace = true
reqwest.workspace = true
serde.workspace = true
serde_json.workspace = true
uuid.workspace = true

[lints.rust]
warnings = "allow"
"#;

/// Plain progenitor's crate in the place of `api`, and ours.
const API_PLAIN: &str = "api = { package = \"plain\", path = \"../plain\" }\n";
const API_OURS: &str = "api = { package = \"civitai-api\", path = CRATE, default-features = false, features = [\"full\"] }\n";

/// The manifests of all packages, with their paths in the temporary workspace.
///
/// Versions are those of this workspace: its table of dependencies is handed on. Programs are built
/// from the sources of `xtask/harnesses/compared`, where they stand.
pub(super) fn all(root: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let ours = API_OURS.replace("CRATE", &text(&root.join("crates/civitai-api")));
    let codec = text(&root.join("xtask/harnesses/codec"));
    let codec = format!("{API_PLAIN}bench-codec = {{ path = {codec} }}\n");
    Ok(vec![
        ("Cargo.toml".to_owned(), all_packages(root)?),
        manifest("plain", PLAIN),
        program(root, "codec", "codec", &codec),
        program(root, "once-ours", "once", &ours),
        program(root, "once-plain", "once", API_PLAIN),
    ])
}

/// The root: the packages, and the versions that they share.
fn all_packages(root: &Path) -> anyhow::Result<String> {
    let mut dependencies = workspace::dependencies(root)?;
    for (_, dependency) in &mut dependencies {
        if let Some(Value::String(path)) = dependency.get_mut("path") {
            *path = root.join(&*path).display().to_string();
        }
    }
    // The library behind the generated code and its generator are of one version.
    let generator = dependencies.get("progenitor-impl");
    let generator = generator.context("Cargo.toml names no progenitor-impl")?;
    dependencies.insert("progenitor-client".to_owned(), generator.clone());
    let mut whole = Table::new();
    whole.insert("resolver".to_owned(), "3".into());
    whole.insert(
        "members".to_owned(),
        vec!["codec", "once-ours", "once-plain", "plain"].into(),
    );
    whole.insert("dependencies".to_owned(), dependencies.into());
    let mut out = Table::new();
    out.insert("workspace".to_owned(), whole.into());
    Ok(toml::to_string(&out)?)
}

/// A package of one program.
fn program(root: &Path, name: &str, program: &str, dependencies: &str) -> (String, String) {
    let source = super::source(root, program);
    let source = text(&source);
    manifest(
        name,
        &format!(
            "serde_json.workspace = true\n{dependencies}\n[[bin]]\nname = \"{program}\"\npath = {source}\n"
        ),
    )
}

fn manifest(name: &str, dependencies: &str) -> (String, String) {
    let text = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}"
    );
    (format!("{name}/Cargo.toml"), text)
}

/// A path as TOML writes it.
fn text(path: &Path) -> String {
    Value::from(path.display().to_string()).to_string()
}
