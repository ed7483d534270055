//! The example page in a headless Chromium.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use anyhow::{Context as _, bail, ensure};

use super::Ready;

/// What the page shows once the picture is there.
const SHOWN: &str = "512 × 512 pixels";
/// How long the page may take, in milliseconds of its own time: that stands still while it waits for a reply.
const BUDGET: &str = "--virtual-time-budget=60000";

/// Opens the page and looks for the picture.
pub(super) fn look(folder: &Path, ready: &Ready) -> anyhow::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let here = listener.local_addr()?;
    let files = folder.to_owned();
    // It ends with the program.
    thread::spawn(move || {
        for wire in listener.incoming().flatten() {
            let files = files.clone();
            thread::spawn(move || serve(wire, &files));
        }
    });
    let profile = folder.join("profile");
    let page = format!("http://{here}/#address={}&token={}", ready.api, ready.token);
    let said = Command::new(browser()?)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--dump-dom",
            BUDGET,
        ])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(page)
        .output()?;
    let document = String::from_utf8_lossy(&said.stdout);
    ensure!(
        document.contains(SHOWN) && document.contains("src=\"blob:"),
        "the page does not show the picture:\n{document}\n{}",
        String::from_utf8_lossy(&said.stderr)
    );
    Ok(())
}

fn browser() -> anyhow::Result<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let mut programs =
        std::env::split_paths(&paths).flat_map(|folder| names.map(|name| folder.join(name)));
    match programs.find(|program| program.is_file()) {
        Some(program) => Ok(program),
        None => {
            bail!("there is no Chromium here; install it, such as by `apt-get install chromium`")
        }
    }
}

/// Answers one request for a file of the folder.
fn serve(mut wire: TcpStream, files: &Path) -> anyhow::Result<()> {
    let mut request = [0; 4096];
    let read = wire.read(&mut request)?;
    let request = String::from_utf8_lossy(&request[..read]).into_owned();
    let path = request.split(' ').nth(1).context("no request")?;
    let (name, media_type) = match path {
        "/" => ("index.html", "text/html"),
        "/browser.js" => ("browser.js", "text/javascript"),
        "/browser_bg.wasm" => ("browser_bg.wasm", "application/wasm"),
        _ => {
            wire.write_all(
                b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            )?;
            return Ok(());
        }
    };
    let body = fs::read(files.join(name))?;
    let length = body.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    wire.write_all(head.as_bytes())?;
    wire.write_all(&body)?;
    Ok(())
}
