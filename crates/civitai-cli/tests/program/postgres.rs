//! A Postgres server for a test, of the system's own package.

use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A server that is gone with this value.
#[derive(Debug)]
pub(crate) struct Server {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
}

impl Server {
    /// Starts a server where one is installed; where none is, says so beside the tests.
    pub(crate) fn start(test: &str) -> Option<Self> {
        let Some(programs) = programs() else {
            // Not by a macro, whose output is shown for failures alone.
            let what = format!(
                "{test}: NOT RUN, no Postgres server is installed (apt-get install postgresql)\n"
            );
            std::io::stderr().write_all(what.as_bytes()).unwrap();
            return None;
        };
        let made =
            output(as_user(&mut Command::new("mktemp")).args(["-d", "/tmp/civitai-jobs-XXXXXX"]));
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let server = Self {
            programs,
            folder: made.trim().into(),
            port,
        };
        let mut init = server.command("initdb");
        init.arg("-D")
            .arg(server.data())
            .args(["-A", "trust", "-U", "postgres", "--no-sync"]);
        output(&mut init);
        server.up();
        Some(server)
    }

    /// The address for `--ledger`.
    pub(crate) fn address(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Starts it again, and waits until it answers.
    pub(crate) fn up(&self) {
        let folder = self.folder.display();
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off",
            self.port
        );
        let mut start = self.command("pg_ctl");
        start
            .arg("-D")
            .arg(self.data())
            .args(["-w", "-o", &options, "-l"]);
        start.arg(self.folder.join("log")).arg("start");
        output(&mut start);
    }

    /// Stops it in a way that breaks all connections.
    pub(crate) fn down(&self) {
        let mut stop = self.command("pg_ctl");
        stop.arg("-D")
            .arg(self.data())
            .args(["-w", "-m", "fast", "stop"]);
        output(&mut stop);
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        as_user(&mut command);
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let mut stop = self.command("pg_ctl");
        stop.arg("-D")
            .arg(self.data())
            .args(["-m", "immediate", "stop"]);
        let _was_down = stop.stdout(Stdio::null()).stderr(Stdio::null()).status();
        let _left = std::fs::remove_dir_all(&self.folder);
    }
}

/// The server refuses to run as root.
fn as_user(command: &mut Command) -> &mut Command {
    if std::env::var("USER").is_ok_and(|user| user == "root") || is_root() {
        let mut other = Command::new("runuser");
        other
            .args(["-u", "postgres", "--"])
            .arg(command.get_program());
        *command = other;
    }
    command.current_dir("/tmp")
}

fn is_root() -> bool {
    output(Command::new("id").arg("-u")).trim() == "0"
}

fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let programs = versions.filter_map(|entry| Some(entry.ok()?.path().join("bin")));
    programs
        .filter(|programs| Path::is_file(&programs.join("initdb")))
        .max()
}

fn output(command: &mut Command) -> String {
    // A server that goes on would keep a pipe open.
    let file = tempfile::tempfile().unwrap();
    let status = command
        .stdin(Stdio::null())
        .stdout(file.try_clone().unwrap())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "{command:?}: {status}");
    let mut text = String::new();
    let mut file = file;
    std::io::Seek::rewind(&mut file).unwrap();
    std::io::Read::read_to_string(&mut file, &mut text).unwrap();
    text
}
