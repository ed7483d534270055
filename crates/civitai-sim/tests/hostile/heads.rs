//! Requests that are none, and paths that lead elsewhere.

use crate::stage::Program;

/// What may come of a request: one of these statuses, or a closed connection where nothing stands.
type Fates = &'static [Option<u16>];

const REFUSED: Fates = &[None, Some(400)];

const HOST: &str = "Host: a\r\nAuthorization: Bearer sim-token\r\n";

fn cases() -> Vec<(String, Fates)> {
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\n{HOST}\r\n");
    let post = |rest: &str| {
        format!(
            "POST /v2/consumer/workflows HTTP/1.1\r\n{HOST}Content-Type: application/json\r\n{rest}"
        )
    };
    let chunked = |chunks: &str| post(&format!("Transfer-Encoding: chunked\r\n\r\n{chunks}"));
    let nowhere: Fates = &[Some(400), Some(404)];
    vec![
        // Paths that lead out of a folder, or try to end a text.
        (get("/v2/consumer/blobs/../../../etc/passwd"), nowhere),
        (
            get("/v2/consumer/blobs/%2e%2e%2f%2e%2e%2fetc%2fpasswd"),
            nowhere,
        ),
        (get("/v2/consumer/blobs/a%00b"), nowhere),
        (get("/v2/consumer/workflows/%2f"), nowhere),
        (get("/v2/consumer/workflows/%ff%fe"), nowhere),
        (get("/v2/consumer/workflows/%zz"), nowhere),
        (get("/v2/consumer/blobs/a\0b"), REFUSED),
        (get("*"), &[None, Some(400), Some(404)]),
        (
            get("http://elsewhere.example/v2/consumer/workflows"),
            &[Some(200), Some(400)],
        ),
        // Hosts.
        ("GET / HTTP/1.1\r\n\r\n".to_owned(), &[Some(400), Some(403)]),
        (
            "GET /v2/consumer/workflows HTTP/1.1\r\nAuthorization: Bearer sim-token\r\n\r\n"
                .to_owned(),
            &[Some(400)],
        ),
        (
            format!("GET /v2/consumer/workflows HTTP/1.1\r\nHost: b\r\n{HOST}\r\n"),
            &[Some(400)],
        ),
        (
            "GET /v2/consumer/workflows HTTP/1.0\r\nAuthorization: Bearer sim-token\r\n\r\n"
                .to_owned(),
            &[Some(200)],
        ),
        // Versions and other protocols.
        (
            "GET / HTTP/9.9\r\n\r\n".to_owned(),
            &[None, Some(400), Some(505)],
        ),
        (
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(),
            &[None, Some(400), Some(505)],
        ),
        (
            "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\u{fc}\u{3}\u{3}".to_owned(),
            REFUSED,
        ),
        ("GET\r\n\r\n".to_owned(), REFUSED),
        ("\0\0\0\0\r\n\r\n".to_owned(), REFUSED),
        // Headers.
        (
            format!("GET / HTTP/1.1\r\n{HOST}Bad Header: 1\r\n\r\n"),
            REFUSED,
        ),
        (format!("GET / HTTP/1.1\r\n{HOST}X: a\0b\r\n\r\n"), REFUSED),
        (
            format!("GET / HTTP/1.1\r\n{HOST}X: 1\r\n folded\r\n\r\n"),
            REFUSED,
        ),
        // Lengths and chunks.
        (post("Content-Length: -1\r\n\r\n"), REFUSED),
        (
            post("Content-Length: 99999999999999999999999\r\n\r\n"),
            REFUSED,
        ),
        (
            post("Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}"),
            REFUSED,
        ),
        (
            post("Transfer-Encoding: gzip\r\n\r\n"),
            &[None, Some(400), Some(501)],
        ),
        (chunked("zz\r\n{}\r\n0\r\n\r\n"), REFUSED),
        (chunked("-1\r\n{}\r\n0\r\n\r\n"), REFUSED),
        (chunked("ffffffffffffffff1\r\n{}\r\n0\r\n\r\n"), REFUSED),
        (chunked("2\r\n{}}}\r\n0\r\n\r\n"), REFUSED),
        (
            chunked(&format!("2;{}\r\n{{}}\r\n0\r\n\r\n", "x".repeat(1 << 20))),
            REFUSED,
        ),
    ]
}

#[tokio::test]
async fn what_is_no_request_is_refused_and_nothing_is_found_by_a_trick() {
    let program = Program::start();
    for (request, fates) in cases() {
        let status = program.send(request.as_bytes()).await;
        let shown: String = request.chars().take(200).collect();
        assert!(fates.contains(&status), "{status:?} to {shown:?}");
    }
    program.serves().await;
    assert!(program.peak() < 128, "{} MiB", program.peak());
}

#[tokio::test]
async fn json_that_is_none_is_refused() {
    let program = Program::start();
    let deep = format!("{}{}", "[".repeat(500_000), "]".repeat(500_000));
    for body in [
        deep.as_str(),
        "\u{feff}{}",
        "{\"steps\":[NaN]}",
        "{\"steps\":[1e400]}",
        "{\"steps\":[\"\\ud800\"]}",
        "",
        "nul",
    ] {
        let request = format!(
            "POST /v2/consumer/workflows HTTP/1.1\r\n{HOST}Content-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let status = program.send(request.as_bytes()).await;
        assert_eq!(
            status,
            Some(400),
            "{:?}",
            body.chars().take(40).collect::<String>()
        );
    }
    program.serves().await;
}
