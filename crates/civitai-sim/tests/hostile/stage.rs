//! The program in a process of its own, raw connections to it, and how much memory it takes.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// How long anything may take before a test gives it up.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
/// What an answer tells in its first line, at most.
const HEAD: usize = 4 << 10;

pub(crate) struct Program {
    child: Child,
    address: String,
}

impl Program {
    pub(crate) fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_civitai-sim"))
            .args(["--port", "0", "--speed", "max"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        let api = ready["api"].as_str().unwrap();
        let address = api.strip_prefix("http://").unwrap().to_owned();
        Self { child, address }
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.address).await.unwrap()
    }

    /// Sends bytes, and returns what comes back until the connection ends or a whole head is there.
    pub(crate) async fn send(&self, bytes: &[u8]) -> Option<u16> {
        let mut stream = self.connect().await;
        // A server may have answered, and closed, before all was sent.
        let _ = stream.write_all(bytes).await;
        answer(&mut stream).await
    }

    /// Runs a workflow as a client that means well, which must be served at any time.
    pub(crate) async fn serves(&self) {
        let body = r#"{"steps":[{"$type":"echo","input":{"message":"m"}}],"currencies":[]}"#;
        let request = format!(
            "POST /v2/consumer/workflows?wait=30 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer sim-token\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        assert_eq!(self.send(request.as_bytes()).await, Some(200));
    }

    /// The most memory that it has had so far, in MiB.
    pub(crate) fn peak(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM:"));
        let kib = line.unwrap().split_whitespace().nth(1).unwrap();
        kib.parse::<u64>().unwrap() >> 10
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The status of the next answer; nothing where the connection ends without one.
pub(crate) async fn answer(stream: &mut TcpStream) -> Option<u16> {
    let mut head = Vec::new();
    let read = async {
        let mut piece = [0; 512];
        while !head.contains(&b'\n') && head.len() < HEAD {
            match stream.read(&mut piece).await {
                Ok(0) | Err(_) => break,
                Ok(size) => head.extend_from_slice(&piece[..size]),
            }
        }
    };
    let in_time = tokio::time::timeout(PATIENCE, read).await;
    assert!(in_time.is_ok(), "neither answered nor closed");
    if head.is_empty() {
        return None;
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    assert!(head.starts_with("HTTP/1.") && status.is_some(), "{head}");
    status
}
