//! A server on loopback that does as little as it can: it reads the head of a request and writes a
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
    let mut read = Vec::with_capacity(4 << 10);
    loop {
        read.clear();
        while !read.ends_with(b"\r\n\r\n") {
            if stream.read_buf(&mut read).await? == 0 {
                return Ok(());
            }
        }
        let head = String::from_utf8_lossy(&read);
        let target = head.split(' ').nth(1).unwrap_or_default();
        let reply = answer(target);
        stream.write_all(&reply).await?;
    }
}
