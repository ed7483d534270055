//! A folder, a simulator, and the program between them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use civitai_sim::{SimTime, Simulator, SimulatorBuilder};
use serde_json::Value;

/// The token of every test; must never show.
pub(crate) const CANARY: &str = "canary-token-7f3a";

/// What a run of the program left.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// The one line that says what went wrong.
    pub(crate) fn error(&self) -> &str {
        let errors: Vec<_> = self
            .stderr
            .lines()
            .filter(|l| l.starts_with("error:"))
            .collect();
        assert_eq!(errors.len(), 1, "{self:?}");
        assert_eq!(self.stderr.lines().last(), Some(errors[0]), "{self:?}");
        errors[0]
    }

    /// The paths on stdout.
    pub(crate) fn paths(&self) -> Vec<PathBuf> {
        self.stdout.lines().map(PathBuf::from).collect()
    }
}

/// The program in a folder of its own, with a clean environment.
pub(crate) fn program(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("civitai-jobs"));
    command
        .current_dir(dir)
        .args(args)
        .env_remove("CIVITAI_API_TOKEN")
        .env_remove("CIVITAI_BASE_URL")
        .env_remove("CIVITAI_PROFILE")
        .env_remove("CIVITAI_LEDGER")
        .env("XDG_CONFIG_HOME", dir.join("config"))
        .env("XDG_DATA_HOME", dir.join("data"))
        .env("RUST_LOG", "trace");
    command
}

pub(crate) fn run(mut command: Command) -> Ran {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let ran = Ran {
        code: status.code().unwrap(),
        stdout: String::from_utf8(stdout).unwrap(),
        stderr: String::from_utf8(stderr).unwrap(),
    };
    assert!(!format!("{ran:?}").contains(CANARY), "{ran:?}");
    ran
}

impl Ran {
    /// The events on stdout.
    pub(crate) fn events(&self) -> Vec<Value> {
        let lines = self.stdout.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// The last event, which tells how it ended.
    pub(crate) fn last(&self) -> Value {
        self.events().pop().unwrap()
    }
}

/// A folder and a simulator that stands in for the service.
pub(crate) struct Stage {
    pub(crate) sim: Simulator,
    pub(crate) dir: tempfile::TempDir,
}

impl Stage {
    /// A service that takes no time.
    pub(crate) async fn fast() -> Self {
        Self::with(|sim| sim.time(SimTime::real(1_000.0))).await
    }

    pub(crate) async fn with(setting: impl FnOnce(SimulatorBuilder) -> SimulatorBuilder) -> Self {
        let sim = setting(Simulator::builder().token(CANARY))
            .start()
            .await
            .unwrap();
        let dir = tempfile::tempdir().unwrap();
        Self { sim, dir }
    }

    /// The program with a token, pointed at the simulator.
    pub(crate) fn program(&self, args: &[&str]) -> Command {
        let mut command = program(self.dir.path(), args);
        command
            .env("CIVITAI_API_TOKEN", CANARY)
            .env("CIVITAI_BASE_URL", self.sim.base_url());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        run(self.program(args))
    }

    /// Writes the settings of the user.
    pub(crate) fn profiles(&self, text: &str) {
        let folder = self.dir.path().join("config/civitai-jobs");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("profiles.json"), text).unwrap();
    }

    /// How often a workflow was asked for, prices aside.
    pub(crate) fn submissions(&self) -> usize {
        let requests = self.sim.requests().into_iter();
        let asked = requests.filter(|sent| {
            let is_price = sent
                .query
                .as_deref()
                .is_some_and(|query| query.contains("whatif=true"));
            sent.method == "POST" && sent.path == "/v2/consumer/workflows" && !is_price
        });
        asked.count()
    }

    /// What was paid for and not given back.
    pub(crate) fn paid(&self) -> i64 {
        let moves = self.sim.ledger().into_iter();
        let amount = |amount: u64| i64::try_from(amount).unwrap();
        moves
            .map(|one| {
                if one.refund {
                    -amount(one.amount)
                } else {
                    amount(one.amount)
                }
            })
            .sum()
    }

    /// Writes a file and returns its name.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> String {
        std::fs::write(self.dir.path().join(name), bytes).unwrap();
        name.to_owned()
    }

    /// A picture, as a file.
    pub(crate) fn picture(&self, name: &str) -> String {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 64, 64);
        encoder.set_color(png::ColorType::Grayscale);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&[127; 64 * 64]).unwrap();
        drop(writer);
        self.write(name, &bytes)
    }

    /// The files in the folder `out` by their names.
    pub(crate) fn contents(&self) -> BTreeMap<String, Vec<u8>> {
        let read = |name: String| {
            (
                name.clone(),
                std::fs::read(self.dir.path().join("out").join(name)).unwrap(),
            )
        };
        self.saved().into_iter().map(read).collect()
    }

    /// The names in the folder `out`.
    pub(crate) fn saved(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.dir.path().join("out")) else {
            return Vec::new();
        };
        let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name();
        entries
            .map(|entry| name(entry).into_string().unwrap())
            .collect()
    }
}

/// The arguments behind `with: civitai-jobs` in a line of advice.
pub(crate) fn advised(line: &str) -> Vec<&str> {
    let (_, command) = line.split_once("with: civitai-jobs ").unwrap();
    command.split(' ').collect()
}
