//! `cargo xtask grow`: a copy of this workspace whose contract has a new step type, a new engine and a
//! new operation. What `regen` makes of it, and nothing written by hand, runs against the simulator.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, bail};
use codegen::Mode;

use crate::{regen, workspace};

/// Files that the copy has beside those of the workspace: below `xtask/grown`, and where they go.
const FILES: [(&str, &str); 4] = [
    ("dance.yaml", "openapi/v2/schemas/video/dance.yaml"),
    ("quill.yaml", "openapi/v2/schemas/image/quill.yaml"),
    ("recipe.yaml", "openapi/v2/paths/dance.yaml"),
    ("program.rs", "crates/civitai-jobs/tests/grown.rs"),
];

/// Lines that the contract of the copy has more: the file, the line before, and the new line.
const LINES: [(&str, &str, &str); 4] = [
    (
        "openapi/v2/schemas/core/workflows.yaml",
        "      videoInterpolation: ../video/video_tools.yaml#/VideoInterpolationStep",
        "      videoDance: ../video/dance.yaml#/VideoDanceStep",
    ),
    (
        "openapi/v2/schemas/core/workflows.yaml",
        "      videoInterpolation: ../video/video_tools.yaml#/VideoInterpolationStepTemplate",
        "      videoDance: ../video/dance.yaml#/VideoDanceStepTemplate",
    ),
    (
        "openapi/v2/schemas/image/image_gen.yaml",
        "      krea: image_krea.yaml#/KreaImageGenInput",
        "      quill: quill.yaml#/QuillImageGenInput",
    ),
    (
        "openapi/v2/openapi.yaml",
        "  /v2/consumer/recipes/videoInterpolation: {$ref: paths/recipes_video.yaml#/videoInterpolation}",
        "  /v2/consumer/recipes/videoDance: {$ref: paths/dance.yaml#/videoDance}",
    ),
];

/// Makes the copy in `target/grow`, regenerates it, and runs its tests.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    let root = workspace::root();
    let copy = root.join("target/grow");
    copy_tracked(&root, &copy)?;
    for (from, to) in FILES {
        write(&copy.join(to), &read(&root.join("xtask/grown").join(from))?)?;
    }
    for (file, before, line) in LINES {
        let path = copy.join(file);
        let text = read(&path)?;
        let place = format!("{before}\n");
        if !text.contains(&place) {
            bail!("{file} has no line `{}` any more", before.trim());
        }
        write(
            &path,
            &text.replacen(&place, &format!("{place}{line}\n"), 1),
        )?;
    }
    for (path, _) in regen::reconcile(&copy, Mode::Write)? {
        let name = path.strip_prefix(&copy).unwrap_or(&path);
        println!("regenerated {}", name.display());
    }
    let status = Command::new(env!("CARGO"))
        .current_dir(&copy)
        .args(["test", "--package", "civitai-jobs", "--test", "grown"])
        .args(["--features", "full", "--locked"])
        .status()
        .context("cargo cannot be run")?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Copies what git tracks. A file that is the same already is left alone, so that nothing is built again.
fn copy_tracked(root: &Path, copy: &Path) -> anyhow::Result<()> {
    let tracked = Command::new("git")
        .current_dir(root)
        .args(["ls-files", "-z"])
        .output()
        .context("git cannot be run")?;
    let names = String::from_utf8_lossy(&tracked.stdout).into_owned();
    for name in names.split_terminator('\0') {
        let from = root.join(name);
        if from.is_file() {
            let bytes = std::fs::read(&from).with_context(|| cannot_be_read(&from))?;
            write_bytes(&copy.join(name), &bytes)?;
        }
    }
    Ok(())
}

fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| cannot_be_read(path))
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    write_bytes(path, text.as_bytes())
}

fn write_bytes(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    if std::fs::read(path).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    let cannot = || format!("{} cannot be written", path.display());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(cannot)?;
    }
    std::fs::write(path, bytes).with_context(cannot)
}

fn cannot_be_read(path: &Path) -> String {
    format!("{} cannot be read", path.display())
}
