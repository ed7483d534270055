//! Too much at once: bodies, headers, paths.

use tokio::io::AsyncWriteExt as _;

use crate::stage::{Program, answer};

const GIB: u64 = 1 << 30;
/// What the README says of the memory that a flood of bodies and connections may take, in MiB.
const AT_MOST: u64 = 640;

fn head(path: &str, length: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer sim-token\r\n\
         Content-Type: application/json\r\n{length}\r\n\r\n"
    )
}

#[tokio::test]
async fn a_gibibyte_that_is_announced_is_turned_away_at_once() {
    let program = Program::start();
    for path in [
        "/v1/consumer/jobs",
        "/v2/consumer/workflows",
        "/v2/consumer/blobs",
        "/_sim/workflows",
    ] {
        let head = head(path, &format!("Content-Length: {GIB}"));
        // Not a byte of the body is sent.
        let status = program.send(head.as_bytes()).await;
        let expected = if path.starts_with("/_sim") {
            Some(403)
        } else {
            Some(413)
        };
        assert_eq!(status, expected, "{path}");
    }
    program.serves().await;
}

#[tokio::test]
async fn a_gibibyte_that_is_streamed_is_cut_off() {
    let program = Program::start();
    for path in [
        "/v1/consumer/jobs",
        "/v2/consumer/workflows",
        "/v2/consumer/blobs",
    ] {
        let mut stream = program.connect().await;
        let head = head(path, "Transfer-Encoding: chunked");
        stream.write_all(head.as_bytes()).await.unwrap();
        let chunk = [b"10000\r\n".to_vec(), vec![b' '; 0x10000], b"\r\n".to_vec()].concat();
        let mut sent = 0;
        while sent < GIB && stream.write_all(&chunk).await.is_ok() {
            sent += 0x10000;
            if sent % (GIB / 64) == 0 {
                program.serves().await;
            }
        }
        assert!(sent < GIB / 4, "{path} took {sent} bytes");
    }
    let peak = program.peak();
    assert!(peak < AT_MOST, "{peak} MiB");
}

#[tokio::test]
async fn bodies_that_are_too_many_together_wait_for_others() {
    let program = Program::start();
    let size = 48 << 20;
    let body = vec![b' '; 1 << 20];
    let mut held = Vec::new();
    let mut refused = 0;
    // Each stays below its limit, and none is sent to its end.
    for _ in 0..20 {
        let mut stream = program.connect().await;
        let head = head("/v2/consumer/workflows", &format!("Content-Length: {size}"));
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut sent = 0;
        while sent < size - body.len() && stream.write_all(&body).await.is_ok() {
            sent += body.len();
        }
        if sent < size - body.len() {
            refused += 1;
        }
        held.push(stream);
    }
    assert!(refused > 0, "all of them were taken");
    let peak = program.peak();
    assert!(peak < AT_MOST, "{peak} MiB");
    drop(held);
    let mut stream = program.connect().await;
    // Room comes back as soon as the server has seen that the senders are gone.
    let small = head("/v2/consumer/workflows", "Content-Length: 2");
    stream
        .write_all(format!("{small}{{}}").as_bytes())
        .await
        .unwrap();
    assert!(matches!(answer(&mut stream).await, Some(400 | 503)));
}

#[tokio::test]
async fn heads_that_are_too_large_are_turned_away() {
    let program = Program::start();
    let many: String = (0..100_000).map(|n| format!("X-{n}: 1\r\n")).collect();
    let long = "a".repeat(10 << 20);
    for head in [
        format!("GET / HTTP/1.1\r\nHost: a\r\n{many}\r\n"),
        format!("GET / HTTP/1.1\r\nHost: a\r\nX: {long}\r\n\r\n"),
        format!("GET /{long} HTTP/1.1\r\nHost: a\r\n\r\n"),
        long.clone(),
    ] {
        let status = program.send(head.as_bytes()).await;
        assert!(matches!(status, None | Some(400 | 414 | 431)), "{status:?}");
        program.serves().await;
    }
    assert!(program.peak() < 128, "{} MiB", program.peak());
}
