//! What the simulator serves in a second and holds in memory, over real sockets, beside its clients on the
//! same cores. Prints one line of JSON.

#![allow(clippy::print_stdout, reason = "the measures go to stdout")]

use std::io::Write as _;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use civitai_sim::{SimTime, Simulator};
use peak_alloc::PeakAlloc;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Clients that ask at once, each on a connection of its own.
const CLIENTS: usize = 32;
/// Requests of each kind that are measured.
const SUBMISSIONS: usize = 10_000;
const LOOKS: usize = 100_000;
/// Workflows that are held in the end.
const HELD: usize = 100_000;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let sim = Simulator::builder()
        .time(SimTime::real(1.0))
        .queue_delay(Duration::ZERO)
        .work_delay(Duration::ZERO)
        .start()
        .await?;
    let submission = submission(&sim);
    let before = MEMORY.current_usage();
    let fresh = asked(&sim, &submission, SUBMISSIONS).await?;
    asked(&sim, &submission, HELD - SUBMISSIONS).await?;
    let held = MEMORY.current_usage().saturating_sub(before);
    let full = asked(&sim, &submission, SUBMISSIONS).await?;
    let looks = asked(&sim, &look(&sim)?, LOOKS).await?;
    let measures = json!({
        "fresh": fresh, "full": full, "looks": looks,
        "memory": held / HELD,
    });
    writeln!(std::io::stdout(), "{measures}")?;
    Ok(())
}

/// Nanoseconds that a request takes, of many that are sent by all clients.
async fn asked(sim: &Simulator, request: &str, count: usize) -> anyhow::Result<u64> {
    let began = Instant::now();
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..CLIENTS {
        let (address, request) = (address(sim).to_owned(), request.to_owned());
        clients.spawn(async move { ask(&address, &request, count / CLIENTS).await });
    }
    while let Some(client) = clients.join_next().await {
        client??;
    }
    let each = began.elapsed() / u32::try_from(count)?;
    Ok(u64::try_from(each.as_nanos())?)
}

/// Sends a request so many times on one connection, one after the other.
async fn ask(address: &str, request: &str, count: usize) -> anyhow::Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut reply = Vec::new();
    for _ in 0..count {
        stream.write_all(request.as_bytes()).await?;
        reply.clear();
        while !is_whole(&reply)? {
            anyhow::ensure!(
                stream.read_buf(&mut reply).await? > 0,
                "the simulator hung up"
            );
        }
    }
    Ok(())
}

/// Whether a good reply has arrived with its body.
fn is_whole(reply: &[u8]) -> anyhow::Result<bool> {
    let Some(head) = reply.windows(4).position(|part| part == b"\r\n\r\n") else {
        return Ok(false);
    };
    let text = std::str::from_utf8(&reply[..head])?;
    anyhow::ensure!(text.starts_with("HTTP/1.1 20"), "{text}");
    let length = text
        .split("content-length: ")
        .nth(1)
        .and_then(|rest| rest.lines().next());
    let length: usize = length.context("a reply without a length")?.parse()?;
    Ok(reply.len() == head + 4 + length)
}

fn submission(sim: &Simulator) -> String {
    let step = json!({"$type": "echo", "input": {"message": "a lighthouse in fog"}});
    let body = json!({"steps": [step], "currencies": [], "tags": ["bench"]}).to_string();
    let head = head(sim, "POST", "/v2/consumer/workflows");
    format!(
        "{head}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn look(sim: &Simulator) -> anyhow::Result<String> {
    let ids = sim.workflows();
    let id = ids.last().context("there is no workflow")?;
    Ok(head(sim, "GET", &format!("/v2/consumer/workflows/{id}")) + "\r\n")
}

fn head(sim: &Simulator, method: &str, path: &str) -> String {
    let (address, token) = (address(sim), sim.token());
    format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n")
}

fn address(sim: &Simulator) -> &str {
    sim.base_url().trim_start_matches("http://")
}
