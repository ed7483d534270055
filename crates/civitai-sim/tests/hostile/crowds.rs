//! Too many at once: connections that say nothing, and those that say it slowly.

use tokio::io::AsyncWriteExt as _;

use crate::stage::{Program, answer};

#[tokio::test]
async fn two_thousand_idle_connections_leave_room_for_others() {
    let program = Program::start();
    let mut idle = Vec::new();
    for number in 0..2_000 {
        let mut stream = program.connect().await;
        if number % 2 == 0 {
            stream.write_all(b"GET / HTTP/1.1\r\nHo").await.unwrap();
        }
        idle.push(stream);
        if number % 500 == 0 {
            program.serves().await;
        }
    }
    program.serves().await;
    assert!(program.peak() < 256, "{} MiB", program.peak());
}

#[tokio::test]
async fn slow_senders_are_served_and_hold_nobody_up() {
    let program = Program::start();
    let body = r#"{"steps":[{"$type":"echo","input":{"message":"m"}}],"currencies":[]}"#;
    let request = format!(
        "POST /v2/consumer/workflows?wait=30 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer sim-token\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut senders = Vec::new();
    for _ in 0..100 {
        let stream = program.connect().await;
        stream.set_nodelay(true).unwrap();
        senders.push(stream);
    }
    // A byte of each in turn.
    for (at, byte) in request.bytes().enumerate() {
        for sender in &mut senders {
            sender.write_all(&[byte]).await.unwrap();
        }
        if at % 100 == 0 {
            program.serves().await;
        }
    }
    for mut sender in senders {
        assert!(matches!(answer(&mut sender).await, Some(200 | 202)));
    }
}

#[tokio::test]
async fn clients_that_ask_and_go_leave_nothing_behind() {
    let program = Program::start();
    let request =
        "GET /v2/consumer/workflows HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer sim-token\r\n\r\n";
    for _ in 0..20 {
        let mut stream = program.connect().await;
        // Many requests down one connection, and no answer is read.
        let _ = stream.write_all(request.repeat(500).as_bytes()).await;
    }
    program.serves().await;
    assert!(program.peak() < 256, "{} MiB", program.peak());
}
