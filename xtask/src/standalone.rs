//! `cargo xtask static`: the program as one file that runs on any Linux of its kind of machine.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, bail, ensure};

use crate::workspace;

/// The size that the program stays below, in bytes.
const LARGEST: u64 = 25_000_000;
const PROGRAM: &str = "civitai-jobs";

/// What the program is linked with.
struct Libc {
    target: String,
    /// Flags that make the result static; the target alone does where there are none.
    flags: Option<&'static str>,
    name: &'static str,
}

impl Libc {
    /// musl where its target is installed, and else glibc.
    fn find(root: &Path) -> anyhow::Result<Self> {
        let architecture = env::consts::ARCH;
        let musl = format!("{architecture}-unknown-linux-musl");
        let said = Command::new("rustc")
            .args(["--print", "target-libdir", "--target", &musl])
            .current_dir(root)
            .output()
            .context("rustc cannot be started")?;
        let folder = PathBuf::from(String::from_utf8_lossy(&said.stdout).trim());
        let compiler = format!("{architecture}-linux-musl-gcc");
        let compiles = ["musl-gcc", &compiler]
            .iter()
            .any(|name| Command::new(name).arg("--version").output().is_ok());
        Ok(match folder.is_dir() && compiles {
            true => Self {
                target: musl,
                flags: None,
                name: "musl",
            },
            false => Self {
                target: format!("{architecture}-unknown-linux-gnu"),
                flags: Some("-C target-feature=+crt-static"),
                name: "glibc",
            },
        })
    }
}

/// Builds the program, and looks whether it runs where nothing is.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    ensure!(
        cfg!(target_os = "linux"),
        "a static program is made on Linux"
    );
    let root = workspace::root();
    let libc = Libc::find(&root)?;
    let mut cargo = Command::new("cargo");
    cargo
        .args([
            "build",
            "--profile",
            "dist",
            "--locked",
            "-p",
            "civitai-cli",
        ])
        .args(["--target", &libc.target, "--target-dir", "target/static"])
        .current_dir(&root);
    if let Some(flags) = libc.flags {
        cargo.env("RUSTFLAGS", flags);
    }
    ensure!(cargo.status()?.success(), "the program does not compile");
    let made = root
        .join("target/static")
        .join(&libc.target)
        .join("dist")
        .join(PROGRAM);
    look(&made)?;
    let bytes = fs::metadata(&made)?.len();
    println!(
        "{}: {bytes} bytes, static, with {}",
        made.display(),
        libc.name
    );
    if libc.name == "glibc" {
        println!(
            "glibc looks up names of hosts by libraries of the system that it was made with; with the target \
             {}-unknown-linux-musl and musl-gcc, nothing is needed",
            env::consts::ARCH
        );
    }
    ensure!(bytes <= LARGEST, "it is larger than {LARGEST} bytes");
    Ok(ExitCode::SUCCESS)
}

/// Runs the program in an empty folder that is all it sees, and has it make a picture.
fn look(made: &Path) -> anyhow::Result<()> {
    let linked = Command::new("ldd")
        .arg(made)
        .output()
        .context("ldd cannot be started")?;
    let linked = String::from_utf8_lossy(&[linked.stdout, linked.stderr].concat()).into_owned();
    ensure!(
        linked.contains("statically linked") || linked.contains("not a dynamic executable"),
        "it needs libraries:\n{linked}"
    );
    let folder = tempfile::tempdir()?;
    fs::copy(made, folder.path().join(PROGRAM))?;
    fs::create_dir(folder.path().join("tmp"))?;
    let picture: &[&str] = &["generate", "a lighthouse in fog", "--local", "--out", "out"];
    for arguments in [&["--version"], picture] {
        let said = alone(folder.path(), arguments)?;
        let text = String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).into_owned();
        ensure!(
            said.status.success(),
            "`{}` failed:\n{text}",
            arguments.join(" ")
        );
    }
    let out = fs::read_dir(folder.path().join("out"))?;
    let names = out.flatten().map(|file| file.path());
    if !names
        .into_iter()
        .any(|name| name.extension().is_some_and(|end| end == "png"))
    {
        bail!("there is no picture");
    }
    Ok(())
}

/// Runs it with nothing of the environment but the path of programs; where that is allowed, with no other file in sight.
fn alone(folder: &Path, arguments: &[&str]) -> anyhow::Result<std::process::Output> {
    let root = Command::new("chroot")
        .arg(folder)
        .arg(format!("/{PROGRAM}"))
        .arg("--version")
        .output();
    let (mut program, home) = match root.is_ok_and(|said| said.status.success()) {
        true => {
            let mut chroot = Command::new("chroot");
            chroot.arg(folder).arg(format!("/{PROGRAM}"));
            (chroot, Path::new("/"))
        }
        false => (Command::new(folder.join(PROGRAM)), folder),
    };
    // Without a path, `chroot` is not found, which is for the system's own programs.
    let path = env::var_os("PATH").map(|path| ("PATH", path));
    program
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .envs(path);
    Ok(program.current_dir(folder).output()?)
}
