//! A server on loopback that plays a script: each request gets the next reply for its path.

#![allow(
    clippy::needless_pass_by_value,
    reason = "scripts read better without borrows"
)]

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// One reply.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// Status, headers, body.
    Says(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// The connection ends without an answer.
    Nothing,
}

/// A JSON reply.
pub(crate) fn json(status: u16, body: serde_json::Value) -> Reply {
    Reply::Says(status, Vec::new(), body.to_string().into_bytes())
}

/// A JSON reply with a header.
pub(crate) fn hinting(
    status: u16,
    header: &'static str,
    value: &str,
    body: serde_json::Value,
) -> Reply {
    let headers = vec![(header, value.to_owned())];
    Reply::Says(status, headers, body.to_string().into_bytes())
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// Method and path with query, such as `GET /jobs/7`.
    pub(crate) line: String,
    /// The whole head.
    pub(crate) head: String,
}

impl Request {
    pub(crate) fn has_token(&self) -> bool {
        self.head
            .to_ascii_lowercase()
            .contains("authorization: bearer")
    }
}

#[derive(Debug, Default)]
struct Script {
    replies: BTreeMap<String, VecDeque<Reply>>,
    requests: Vec<Request>,
}

/// The server; it ends with the test's runtime.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) url: String,
    script: Arc<Mutex<Script>>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let script = Arc::<Mutex<Script>>::default();
        let server = Self {
            url,
            script: Arc::clone(&script),
        };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&script)));
            }
        });
        server
    }

    /// Sets what requests of `METHOD /path` get, one after the other; the last reply stays.
    pub(crate) fn on(&self, route: &str, replies: impl IntoIterator<Item = Reply>) {
        let replies = replies.into_iter().collect();
        self.script
            .lock()
            .unwrap()
            .replies
            .insert(route.to_owned(), replies);
    }

    /// The requests so far whose line begins so.
    pub(crate) fn requests(&self, line: &str) -> Vec<Request> {
        let script = self.script.lock().unwrap();
        let requests = script.requests.iter();
        requests
            .filter(|request| request.line.starts_with(line))
            .cloned()
            .collect()
    }
}

async fn serve(mut stream: TcpStream, script: Arc<Mutex<Script>>) {
    let mut read = Vec::new();
    let head = loop {
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return,
            Ok(bytes) => read.extend_from_slice(&chunk[..bytes]),
        }
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let line = line.to_ascii_lowercase();
                line.strip_prefix("content-length:")?
                    .trim()
                    .parse::<usize>()
                    .ok()
            });
            if body.len() >= length.unwrap_or(0) {
                break head.to_owned();
            }
        }
    };
    let line = head
        .lines()
        .next()
        .unwrap_or_default()
        .replace(" HTTP/1.1", "");
    let route = line.split('?').next().unwrap_or_default().to_owned();
    let reply = {
        let mut script = script.lock().unwrap();
        script.requests.push(Request { line, head });
        let replies = script.replies.get_mut(&route);
        replies.and_then(|replies| match replies.len() {
            0 => None,
            1 => replies.front().cloned(),
            _ => replies.pop_front(),
        })
    };
    let reply = reply.unwrap_or_else(|| json(404, serde_json::json!({"error": "no such path"})));
    let Reply::Says(status, headers, body) = reply else {
        return;
    };
    let mut text = format!(
        "HTTP/1.1 {status} S\r\nConnection: close\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    text += "\r\n";
    let _ = stream.write_all(&[text.as_bytes(), &body].concat()).await;
}
