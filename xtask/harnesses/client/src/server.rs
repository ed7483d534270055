//! A server on loopback that does as little as it can: it reads a request and writes a
//! reply. Connections are kept.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Gives the reply to a path with its query: what [`reply`] makes.
pub type Answer = Arc<dyn Fn(&str) -> Arc<[u8]> + Send + Sync>;

/// Starts the server on a thread of its own and returns its address as a base URL.
pub fn start(answer: Answer) -> io::Result<String> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let url = format!("http://{}", listener.local_addr()?);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()?;
    // The thread ends with the program.
    std::thread::spawn(move || runtime.block_on(serve(listener, answer)));
    Ok(url)
}

/// A reply with a body of JSON.
pub fn reply(body: &str) -> Arc<[u8]> {
    let length = body.len();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8";
    format!("{head}\r\ncontent-length: {length}\r\n\r\n{body}")
        .into_bytes()
        .into()
}

async fn serve(listener: std::net::TcpListener, answer: Answer) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(talk(stream, Arc::clone(&answer)));
    }
}

async fn talk(mut stream: TcpStream, answer: Answer) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut read = Vec::with_capacity(16 << 10);
    loop {
        read.clear();
        let head = loop {
            if stream.read_buf(&mut read).await? == 0 {
                return Ok(());
            }
            if let Some(end) = read.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let text = String::from_utf8_lossy(&read[..head]).into_owned();
        let length = |line: &str| {
            let line = line.to_ascii_lowercase();
            line.strip_prefix("content-length: ")?.parse().ok()
        };
        let body: usize = text.lines().find_map(length).unwrap_or(0);
        while read.len() < head + body {
            if stream.read_buf(&mut read).await? == 0 {
                return Ok(());
            }
        }
        let target = text.split(' ').nth(1).unwrap_or_default();
        let reply = answer(target);
        stream.write_all(&reply).await?;
    }
}
